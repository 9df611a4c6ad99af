import * as l10n from '@vscode/l10n';
import type { Bill } from '../../src/shared/dto.ts';
import type { RunView } from '../../src/shared/protocol.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { oldestPrice } from '../../src/shared/price-age.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { cost } from '../format.ts';
import type { BillModel } from '../state/bill-model.ts';
import { visible } from '../text.ts';
import { BaselineTable } from './baseline-table.tsx';
import { ChildrenTable } from './children-table.tsx';
import { DestructionTable } from './destruction-table.tsx';
import { NetworkTables } from './network-tables.tsx';
import { SparedSection } from './spared-section.tsx';
import { UseTable } from './use-table.tsx';

export function BillTab({ model, view }: { readonly model: BillModel; readonly view: RunView }) {
  const bill = model.bill.value;
  const destruction = model.destruction.value;
  const network = model.network.value;
  if (!bill || !destruction) return <p class="hint" aria-busy="true">{l10n.t('Reading the bill…')}</p>;
  const ended = isTerminal(view.run.state);
  return (
    <div class="sections">
      <Summary bill={bill} ended={ended} />
      <section class="section">
        <h2>{l10n.t('Destruction report')}</h2>
        <DestructionTable report={destruction} ended={ended} />
      </section>
      <section class="section">
        <h2>{l10n.t('What the same work would have cost')}</h2>
        <BaselineTable baselines={bill.baselines} ended={ended} />
      </section>
      <section class="section">
        <h2>{l10n.t('Use')}</h2>
        <UseTable ledger={bill.ledger} />
      </section>
      {bill.spared && <SparedSection spared={bill.spared} ended={ended} />}
      {network && network.hosts.length + network.refused.length > 0 && (
        <section class="section">
          <h2>{l10n.t('Network of pages')}</h2>
          <NetworkTables report={network} />
        </section>
      )}
      {bill.children && (
        <section class="section">
          <h2>{l10n.t('Runs that it started')}</h2>
          <p class="hint">{l10n.t('Their use and cost are part of all sums on this page.')}</p>
          <ChildrenTable runs={bill.children} />
        </section>
      )}
      {bill.notCounted.length > 0 && (
        <section class="section">
          <h2>{l10n.t('Not counted')}</h2>
          <ul class="bullets">{bill.notCounted.map((item) => <li key={item}>{visible(item)}</li>)}</ul>
        </section>
      )}
    </div>
  );
}

function Summary({ bill, ended }: { readonly bill: Bill; readonly ended: boolean }) {
  const { saving, baselines } = bill;
  const oldest = saving && oldestPrice(saving.against, baselines);
  return (
    <div class="figures">
      <Figure value={cost(bill.realCostUsd, bill.realCostMark)} label={ended ? l10n.t('This run cost') : l10n.t('This run has cost so far')} />
      {saving && (
        <>
          <Figure value={formatUsd(saving.listUsd)} label={difference(saving.listUsd, l10n.t('at list price'))} />
          <Figure value={formatUsd(saving.afterFreeTierUsd)} label={difference(saving.afterFreeTierUsd, l10n.t('after the free tier'))} />
        </>
      )}
      {saving && <p class="hint figures-note">{l10n.t('Saved against {0}, the cheapest named service that could have done the work.', visible(saving.against))}{oldest !== undefined && ` ${l10n.t('Its price is that of {0} and may have changed since.', oldest)}`}</p>}
    </div>
  );
}

function difference(usd: number, basis: string): string {
  return usd < 0 ? l10n.t('Dearer here, {0}', basis) : l10n.t('Saved, {0}', basis);
}

function Figure({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div class="figure">
      <span class="figure-label">{label}</span>
      <span class="figure-value">{value}</span>
    </div>
  );
}
