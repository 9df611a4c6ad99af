import { formatDuration } from '../../shared/duration.ts';
import { formatUsd } from '../../shared/money.ts';
import { exactUsd } from '../../shared/nano-text.ts';
import { oldPrices } from '../../shared/price-age.ts';
import type { BreakdownRow, UsageReport } from '../../shared/usage-report.ts';
import { wholeNumber } from '../../shared/whole-number.ts';
import { barChart, escapeHtml, table, type Column } from './html-parts.ts';
import { reportStyle } from './report-style.ts';
import { sparedText } from './spared-text.ts';

const right = 'right' as const;
const dayMs = 86_400_000;
const usd = (nano: number) => formatUsd(nano / 1e9);

/** A page that needs nothing else: no script, no font, no address. Light and dark by what the reader has set, and fit for print. */
export function toHtml(report: UsageReport, { title, createdAt }: { readonly title: string; readonly createdAt: Date }): string {
  const { machines, from, to } = report;
  const days = everyDay(report.byDay);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(from === undefined ? 'No runs yet.' : `${report.runs === 1 ? '1 run' : `${wholeNumber(report.runs)} runs`} from ${from} to ${to ?? from} on ${machines.join(', ')}. Made ${createdAt.toISOString().slice(0, 10)}.`)}</p>
${verdict(report)}
${summary(report)}
${barChart('Runs by day', days.map(({ name, row }) => ({ label: name, value: row?.count ?? 0, shown: `${row?.count ?? 0} runs` })))}
${barChart('Cost by day', report.byDay.some(({ nanoUsd }) => nanoUsd > 0) ? days.map(({ name, row }) => ({ label: name, value: row?.nanoUsd ?? 0, shown: usd(row?.nanoUsd ?? 0) })) : [])}
${services(report)}
${formulas(report)}
${runsTable('What was run', 'chain, function or task', report.bySource)}
${machines.length > 1 ? runsTable('By machine', 'machine', report.byMachine) : ''}
${models(report.byModel)}
${tools(report.byTool)}
${report.byMonth.length > 1 ? runsTable('By month', 'month', report.byMonth) : ''}
${runsTable('By day', 'day', report.byDay)}
${table('Dearest runs', [{ title: 'task or chain' }, { title: 'run' }, { title: 'cost', align: right }], report.top.map((run) => [run.title, run.run, usd(run.nanoUsd)]), 'No run has cost anything.')}
${list('How it was worked out', report.assumptions)}
${list('Not counted', report.notCounted)}
</main>
</body>
</html>
`;
}

/** What a reader who stops here must have read: the cost, what it is set against, and what may be wrong with either. */
function verdict({ runs, costNanoUsd, unpricedRuns, saving, services: totals, byDay }: UsageReport): string {
  if (byDay.length === 0) return '';
  const cost = unpricedRuns === runs ? 'What they cost is not known' : `They cost ${usd(costNanoUsd)}${costNanoUsd === 0 ? '' : ', all of it for models, which would have to be paid elsewhere too'}${unpricedRuns === 0 ? '' : `, without ${unpricedRuns === 1 ? '1 run' : `${wholeNumber(unpricedRuns)} runs`} whose price is not known`}`;
  const compared = saving === undefined ? 'No saving is shown' : `At ${saving.against}, the cheapest named service that could have done the work, the same use would have been ${usd(saving.listNanoUsd + costNanoUsd)} at list price: ${saving.listNanoUsd < 0 ? `${usd(-saving.listNanoUsd)} less than here` : `${usd(saving.listNanoUsd)} more than here`}`;
  const sentences = [`${cost}. ${compared}.`, ...oldPrices(totals)];
  return sentences.map((text) => `<p class="verdict">${escapeHtml(text)}</p>`).join('\n');
}

/** As it can be checked by hand. */
function minus(saved: number, cost: number): string {
  return `${exactUsd(saved + cost)} − ${exactUsd(cost)}`;
}

/** Days without runs too: without them the bars of a week would stand beside each other as if it were three days. */
function everyDay(rows: readonly BreakdownRow[]): readonly { readonly name: string; readonly row: BreakdownRow | undefined }[] {
  const known = new Map(rows.map((row) => [row.name, row]));
  const [first, last] = [[...known.keys()].sort().at(0), [...known.keys()].sort().at(-1)];
  if (first === undefined || last === undefined) return [];
  const count = Math.round((Date.parse(last) - Date.parse(first)) / dayMs) + 1;
  return Array.from({ length: count }, (_, i) => {
    const name = new Date(Date.parse(first) + i * dayMs).toISOString().slice(0, 10);
    return { name, row: known.get(name) };
  });
}

function summary(report: UsageReport): string {
  const { costs, costNanoUsd, unpricedRuns, saving, replays, spared, states, subscriptions, waits } = report;
  const byMark = costs.length === 0 ? (unpricedRuns > 0 ? 'what was paid for models is not known' : 'no model was used or paid for') : costs.map(({ mark, nanoUsd }) => `${usd(nanoUsd)} ${mark}`).join(', ');
  const rows: (readonly [string, string, string])[] = [
    ['What it really cost', usd(costNanoUsd), byMark],
    ...(unpricedRuns === 0 ? [] : [['Not in it', `${wholeNumber(unpricedRuns)} ${unpricedRuns === 1 ? 'run' : 'runs'}`, 'a model was used whose price is not known; no saving is shown for that reason'] as const]),
    ...(saving === undefined ? [] : [
      ['Saving at list price', usd(saving.listNanoUsd), `${minus(saving.listNanoUsd, costNanoUsd)}: the same work at ${saving.against}, the cheapest, minus the real cost${saving.listNanoUsd < 0 ? '; it is a loss' : ''}`] as const,
      ['Saving after free allowances', usd(saving.afterFreeNanoUsd), `${minus(saving.afterFreeNanoUsd, costNanoUsd)}: the same work at ${saving.againstAfterFree}, minus the real cost${saving.afterFreeNanoUsd < 0 ? '; it is a loss' : ''}`] as const,
    ]),
    ...(replays === undefined ? [] : [['Not thought out again', usd(replays.nanoUsd), `${wholeNumber(replays.tokens)} tokens in ${wholeNumber(replays.runs)} replays${replays.unpriced === 0 ? '' : `, ${wholeNumber(replays.unpriced)} of them unpriced`}; not in the saving`] as const]),
    ...(spared === undefined ? [] : [['Tokens kept out of the context', `about ${wholeNumber(spared.definitionTokens + spared.resultTokens)}`, `${sparedText(spared, wholeNumber)}; counterfactual, not in the saving`] as const]),
    ...subscriptions.map(({ name, months, nanoUsd }) => [`Not bought: ${name}`, usd(nanoUsd), `${wholeNumber(months)} ${months === 1 ? 'month' : 'months'}; you named it`] as const),
    ...(waits === undefined ? [] : [['Cold starts not waited for', formatDuration(waits.count * waits.secondsEach * 1000), `${wholeNumber(waits.count)} × ${waits.secondsEach} s, which you have set`] as const]),
    ['Runs', wholeNumber(report.runs), Object.entries(states).map(([state, count]) => `${wholeNumber(count)} ${state}`).join(', ')],
    ['Throwaway browsers', wholeNumber(report.browserSessions), ''],
    ['Sandboxes', wholeNumber(report.codeRuns), ''],
    ['Tokens', wholeNumber(report.inputTokens + report.outputTokens), `${wholeNumber(report.inputTokens)} read (${wholeNumber(report.cachedTokens)} from a cache), ${wholeNumber(report.outputTokens)} written`],
    ['Questions to people', wholeNumber(report.asks), ''],
  ];
  return table('Summary', [{ title: 'figure' }, { title: 'value', align: right }, { title: 'how' }], rows, '');
}

function services({ services: totals }: UsageReport): string {
  const columns: readonly Column[] = [{ title: 'service' }, { title: 'could have done' }, { title: 'runs', align: right }, { title: 'list price', align: right }, { title: 'after free allowances', align: right }, { title: 'price from' }];
  const work = { all: 'everything', browser: 'the browsers', code: 'the code' };
  return table('What the same work would have cost', columns, totals.map((total) => [
    total.service, work[total.covers], total.unpricedRuns === 0 ? wholeNumber(total.runs) : `${wholeNumber(total.runs)} of ${wholeNumber(total.runs + total.unpricedRuns)}`,
    usd(total.listNanoUsd), usd(total.afterFreeNanoUsd), { source: total.source, text: `, ${total.asOf}${total.stale ? ' (old)' : ''}${total.mark === 'estimated' ? ', estimated' : ''}${total.note === undefined ? '' : `; ${total.note}`}` },
  ]), 'No browser and no sandbox was used.');
}

/** Each list price as arithmetic that can be checked by hand. */
function formulas({ services: totals }: UsageReport): string {
  return table('How each price was worked out', [{ title: 'service' }, { title: 'billed' }, { title: 'list price, each run rounded to billionths' }, { title: 'free allowances' }], totals.map((total) => [
    total.service, `${total.work}; ${total.region}`, `${total.formula}: ${exactUsd(total.listNanoUsd)}`, total.free.length === 0 ? '' : `${exactUsd(total.listNanoUsd - total.afterFreeNanoUsd)} off in ${total.free.map(({ period }) => period).join(', ')}`,
  ]), '');
}

function runsTable(caption: string, first: string, rows: readonly BreakdownRow[]): string {
  const columns: readonly Column[] = [{ title: first }, { title: 'runs', align: right }, { title: 'failed', align: right }, { title: 'median', align: right }, { title: '95th percentile', align: right }, { title: 'tokens', align: right }, { title: 'cost', align: right }, { title: 'saved at list price', align: right }];
  return table(caption, columns, rows.map((row) => [
    row.name, wholeNumber(row.count), wholeNumber(row.errors), duration(row.latency.p50), duration(row.latency.p95), wholeNumber(row.inputTokens + row.outputTokens), cost(row), row.savedNanoUsd === undefined ? '' : exactUsd(row.savedNanoUsd),
  ]), 'Nothing was run.');
}

function models(rows: readonly BreakdownRow[]): string {
  const columns: readonly Column[] = [{ title: 'model' }, { title: 'requests', align: right }, { title: 'failed', align: right }, { title: 'median', align: right }, { title: '95th percentile', align: right }, { title: 'read', align: right }, { title: 'from a cache', align: right }, { title: 'written', align: right }, { title: 'cost', align: right }];
  return table('Models', columns, rows.map((row) => [row.name, wholeNumber(row.count), wholeNumber(row.errors), duration(row.latency.p50), duration(row.latency.p95), wholeNumber(row.inputTokens), wholeNumber(row.cachedTokens), wholeNumber(row.outputTokens), cost(row)]), 'No model was used.');
}

function tools(rows: readonly BreakdownRow[]): string {
  const columns: readonly Column[] = [{ title: 'tool' }, { title: 'calls', align: right }, { title: 'failed', align: right }, { title: 'median', align: right }, { title: '95th percentile', align: right }];
  return table('Tools', columns, rows.map((row) => [row.name, wholeNumber(row.count), wholeNumber(row.errors), duration(row.latency.p50), duration(row.latency.p95)]), 'No tool was called.');
}

function cost({ nanoUsd, costs, unpriced }: BreakdownRow): string {
  if (unpriced === 0) return costs.length > 1 ? `${usd(nanoUsd)} (${costs.map(({ mark, nanoUsd: part }) => `${usd(part)} ${mark}`).join(', ')})` : usd(nanoUsd);
  return nanoUsd === 0 ? 'unpriced' : `${usd(nanoUsd)} and ${wholeNumber(unpriced)} unpriced`;
}

function duration(ms: number | undefined): string {
  return ms === undefined ? '' : formatDuration(ms);
}

function list(title: string, items: readonly string[]): string {
  return `<section><h2>${escapeHtml(title)}</h2><ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul></section>`;
}
