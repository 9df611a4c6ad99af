import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { BaselineLine } from '../../src/shared/dto.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { visible } from '../text.ts';
import { PriceCells, ServiceHeading } from './service-cells.tsx';

export function BaselineTable({ baselines, ended }: { readonly baselines: readonly BaselineLine[]; readonly ended: boolean }) {
  if (baselines.length === 0) {
    return <p class="hint">{ended ? l10n.t('Nothing was used that a named service would bill.') : l10n.t('Nothing has been used yet that a named service would bill.')}</p>;
  }
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('What the same work would have cost')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Service')}</th>
            <th scope="col" class="numeric">{l10n.t('List price')}</th>
            <th scope="col" class="numeric">{l10n.t('After free tier')}</th>
            <th scope="col">{l10n.t('Mark')}</th>
            <th scope="col">{l10n.t('Price as of')}</th>
            <th scope="col">{l10n.t('Source')}</th>
          </tr>
        </thead>
        <tbody>{baselines.map((line) => <Baseline key={`${line.service} ${line.what}`} line={line} />)}</tbody>
      </table>
    </div>
  );
}

function Baseline({ line }: { readonly line: BaselineLine }) {
  const open = useSignal(false);
  return (
    <>
      <tr>
        <ServiceHeading service={line.service} what={visible(line.what)} open={open} />
        <td class="numeric">{formatUsd(line.listUsd)}</td>
        <td class="numeric">{formatUsd(line.afterFreeTierUsd)}</td>
        <PriceCells mark={line.mark} asOf={line.asOf} stale={line.stale} source={line.source} />
      </tr>
      {open.value && (
        <tr class="formula-row">
          <td colSpan={6}><span class="formula">{visible(line.formula)}</span></td>
        </tr>
      )}
    </>
  );
}
