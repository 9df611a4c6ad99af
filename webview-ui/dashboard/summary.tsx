import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { formatDuration } from '../../src/shared/duration.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { UsageReport } from '../../src/shared/usage-report.ts';
import { count } from '../format.ts';
import { Notice } from '../parts/notice.tsx';
import { visible } from '../text.ts';
import { cacheShare, costText, marked, shareText, timeText } from './metrics.ts';
import { usePrinting } from './use-printing.ts';

const usd = (nano: number) => formatUsd(nano / 1e9);

/** What all runs of the report cost and saved, each figure with how it came about. */
export function Summary({ report }: { readonly report: UsageReport }) {
  const { saving, replays, spared, subscriptions, waits } = report;
  const stale = report.services.filter((service) => service.stale).map(({ service }) => service);
  return (
    <>
      <div class="figures">
        <Figure label={l10n.t('Cost')} value={costText({ nanoUsd: report.costNanoUsd, costs: [], unpriced: report.unpricedRuns })} note={report.costs.length === 0 ? (report.unpricedRuns > 0 ? l10n.t('no price is known') : l10n.t('no model was paid for')) : marked(report.costs)} />
        {saving && <Figure label={saving.listNanoUsd < 0 ? l10n.t('Dearer here, at list price') : l10n.t('Saved, at list price')} value={usd(saving.listNanoUsd)} note={l10n.t('against {0}', visible(saving.against))} />}
        {saving && <Figure label={saving.afterFreeNanoUsd < 0 ? l10n.t('Dearer here, after free allowances') : l10n.t('Saved, after free allowances')} value={usd(saving.afterFreeNanoUsd)} note={l10n.t('against {0}', visible(saving.againstAfterFree))} />}
        <Figure label={l10n.t('Runs')} value={count(report.runs)} note={report.errors === 1 ? l10n.t('1 failed or interrupted') : l10n.t('{0} failed or interrupted', count(report.errors))} />
        <Figure label={l10n.t('Tokens')} value={count(report.inputTokens + report.outputTokens)} note={report.inputTokens === 0 ? l10n.t('none read') : l10n.t('{0} of those read came from a cache', shareText(cacheShare(report)))} />
        <Figure label={l10n.t('Time of a run, p50')} value={timeText(report.latency.p50) || l10n.t('not measured')} note={report.latency.p95 === undefined ? '' : l10n.t('{0} at p95', timeText(report.latency.p95))} />
        {replays && <Figure label={l10n.t('Not thought out again')} value={usd(replays.nanoUsd)} note={replays.unpriced > 0 ? l10n.t('{0} tokens in {1} replays, {2} of them unpriced; not in the saving', count(replays.tokens), count(replays.runs), count(replays.unpriced)) : l10n.t('{0} tokens in {1} replays; not in the saving', count(replays.tokens), count(replays.runs))} />}
        {spared && <Figure label={l10n.t('Tokens kept out of the context')} value={l10n.t('about {0}', count(spared.definitionTokens + spared.resultTokens))} note={sparedNote(spared)} />}
        {subscriptions.map(({ name, months, nanoUsd }) => <Figure key={name} label={l10n.t('Not bought: {0}', visible(name))} value={usd(nanoUsd)} note={months === 1 ? l10n.t('1 month; you named it; not in the saving') : l10n.t('{0} months; you named it; not in the saving', count(months))} />)}
        {waits && <Figure label={l10n.t('Cold starts not waited for')} value={formatDuration(waits.count * waits.secondsEach * 1000)} note={l10n.t('{0} times the {1} s that you have set', count(waits.count), count(waits.secondsEach))} />}
      </div>
      {report.unpricedRuns > 0 && <Notice tone="wait" icon="warning"><p>{report.unpricedRuns === 1 ? l10n.t('1 run used a model whose price is not known. Its cost is in no figure here, and no saving is shown.') : l10n.t('{0} runs used a model whose price is not known. Their cost is in no figure here, and no saving is shown.', count(report.unpricedRuns))}</p></Notice>}
      {stale.length > 0 && <p class="hint">{stale.length === report.services.length ? l10n.t('All prices of services were last confirmed more than 60 days ago, and may have changed since. Each bears its date below.') : l10n.t('Prices that were last confirmed more than 60 days ago: {0}. They may have changed since.', visible(stale.join(', ')))}</p>}
      {saving && <SavingDetails report={report} saving={saving} />}
    </>
  );
}

/** The two savings as sums that can be checked by hand. */
function SavingDetails({ report, saving }: { readonly report: UsageReport; readonly saving: NonNullable<UsageReport['saving']> }) {
  const { costNanoUsd, costs } = report;
  const line = (against: string, saved: number) => `${exactUsd(saved + costNanoUsd)} (${against}) − ${exactUsd(costNanoUsd)} = ${exactUsd(saved)}`;
  const printing = usePrinting();
  const open = useSignal(false);
  return (
    <details class="section saving-details" open={open.value || printing} onToggle={(event) => { if (!printing) open.value = event.currentTarget.open; }}>
      <summary>{l10n.t('How the saving was worked out')}</summary>
      <p>{l10n.t('What the cheapest services that could have done all of it would have charged, minus the real cost.')}</p>
      <dl class="sums">
        <dt>{l10n.t('At list price')}</dt>
        <dd class="formula">{visible(line(saving.against, saving.listNanoUsd))}</dd>
        <dt>{l10n.t('After free allowances')}</dt>
        <dd class="formula">{visible(line(saving.againstAfterFree, saving.afterFreeNanoUsd))}</dd>
        <dt>{l10n.t('Real cost')}</dt>
        <dd class="formula">{costs.length === 0 ? l10n.t('no model was paid for') : `${marked(costs, exactUsd)} = ${exactUsd(costNanoUsd)}`}</dd>
      </dl>
      <p class="hint">{l10n.t('What each service would have charged opens to its formula below.')}</p>
    </details>
  );
}

function sparedNote({ definitionTokens, resultTokens, unrecorded }: NonNullable<UsageReport['spared']>): string {
  const parts = l10n.t('{0} of definitions, {1} of results; counterfactual, not in the saving', count(definitionTokens), count(resultTokens));
  if (unrecorded === 1) return l10n.t('{0}; definitions of 1 run not recorded', parts);
  return unrecorded === 0 ? parts : l10n.t('{0}; definitions of {1} runs not recorded', parts, count(unrecorded));
}

function Figure({ label, value, note }: { readonly label: string; readonly value: string; readonly note: string }) {
  return (
    <div class="figure">
      <span class="figure-label">{label}</span>
      <span class="figure-value">{value}</span>
      <span class="hint">{note}</span>
    </div>
  );
}
