import { sparedText } from '../../savings/report/spared-text.ts';
import { formatDuration } from '../../shared/duration.ts';
import { formatUsd } from '../../shared/money.ts';
import type { BreakdownRow, UsageReport } from '../../shared/usage-report.ts';
import { wholeNumber } from '../../shared/whole-number.ts';
import type { Style } from '../style.ts';
import { oneLine } from '../text.ts';
import { renderTable } from './table.ts';

const right = 'right' as const;
const usd = (nano: number) => formatUsd(nano / 1e9);
const shownRows = 10;

/** The report for a terminal; the longer tables are cut off, the exports are not. */
export function renderUsageReport(report: UsageReport, style: Style, width: number): readonly string[] {
  if (report.runs === 0) return ['No runs in this span of time. Start one with "run CHAIN", or give --all for all workspaces.'];
  const { saving } = report;
  return [
    style.bold(`${report.runs} ${report.runs === 1 ? 'run' : 'runs'} from ${report.from} to ${report.to}${report.machines.length > 1 ? ` on ${report.machines.join(', ')}` : ''}`),
    `real cost: ${usd(report.costNanoUsd)}${report.costs.length > 0 ? ` (${report.costs.map(({ mark, nanoUsd }) => `${usd(nanoUsd)} ${mark}`).join(', ')})` : ''}${report.unpricedRuns > 0 ? `; ${report.unpricedRuns} ${report.unpricedRuns === 1 ? 'run' : 'runs'} unpriced, so no saving is shown` : ''}`,
    ...(saving === undefined ? [] : [`saving: ${usd(saving.listNanoUsd)}${saving.listNanoUsd < 0 ? ' (a loss)' : ''} against ${saving.against} at list price, ${usd(saving.afterFreeNanoUsd)}${saving.afterFreeNanoUsd < 0 ? ' (a loss)' : ''} against ${saving.againstAfterFree} after free allowances`]),
    ...(report.replays === undefined ? [] : [`not thought out again: ${usd(report.replays.nanoUsd)}, ${report.replays.tokens} tokens in ${report.replays.runs} ${report.replays.runs === 1 ? 'replay' : 'replays'}${report.replays.unpriced > 0 ? `, ${report.replays.unpriced} unpriced` : ''}; not in the saving`]),
    ...(report.spared === undefined ? [] : [`kept out of the context: about ${wholeNumber(report.spared.definitionTokens + report.spared.resultTokens)} tokens (${sparedText(report.spared, wholeNumber)}); counterfactual, not in the saving`]),
    ...report.subscriptions.map(({ name, months, nanoUsd }) => `not bought: ${oneLine(name)}, ${months} ${months === 1 ? 'month' : 'months'}, ${usd(nanoUsd)}`),
    ...(report.waits === undefined ? [] : [`cold starts not waited for: ${report.waits.count} × ${report.waits.secondsEach} s = ${formatDuration(report.waits.count * report.waits.secondsEach * 1000)}`]),
    ...(report.services.length === 0 ? [] : section('Services', style, renderTable([{ title: 'service' }, { title: 'runs', align: right }, { title: 'list price', align: right }, { title: 'after free', align: right }, { title: 'price from' }], report.services.map((total) => [
      total.service, total.unpricedRuns === 0 ? String(total.runs) : `${total.runs} of ${total.runs + total.unpricedRuns}`, usd(total.listNanoUsd), usd(total.afterFreeNanoUsd), `${total.asOf}${total.stale ? ' (old)' : ''}${total.mark === 'estimated' ? ', estimated' : ''}`,
    ]), width))),
    ...breakdown('By chain, function or task', report.bySource, style, width),
    ...(report.machines.length > 1 ? breakdown('By machine', report.byMachine, style, width) : []),
    ...breakdown('Models', report.byModel, style, width),
    ...breakdown('Tools', report.byTool, style, width),
    ...breakdown('By day', report.byDay.slice(-shownRows), style, width),
    '', style.dim(report.assumptions.join(' ')),
  ];
}

function breakdown(title: string, rows: readonly BreakdownRow[], style: Style, width: number): readonly string[] {
  if (rows.length === 0) return [];
  const columns = [{ title: 'name', min: 16 }, { title: 'count', align: right }, { title: 'failed', align: right }, { title: 'p50', align: right }, { title: 'p95', align: right }, { title: 'tokens', align: right }, { title: 'cost', align: right }, ...(rows.some(({ savedNanoUsd }) => savedNanoUsd !== undefined) ? [{ title: 'saved', align: right }] : [])];
  const lines = renderTable(columns, rows.slice(0, shownRows).map((row) => [
    oneLine(chainName(row.name)), String(row.count), String(row.errors), duration(row.latency.p50), duration(row.latency.p95), String(row.inputTokens + row.outputTokens),
    row.unpriced > 0 ? 'unpriced' : usd(row.nanoUsd), ...(row.savedNanoUsd === undefined ? [] : [usd(row.savedNanoUsd)]),
  ]), width);
  return section(title, style, rows.length > shownRows ? [...lines, `and ${rows.length - shownRows} more; "savings export" has them all`] : lines);
}

/** Chains are known by their names: the folder that all of them share would fill the column. */
function chainName(source: string): string {
  return /^\.assassin\/chains\/(.+)\.m?[tj]s$/.exec(source)?.[1] ?? source;
}

function section(title: string, style: Style, lines: readonly string[]): readonly string[] {
  return ['', style.bold(title), ...lines];
}

function duration(ms: number | undefined): string {
  return ms === undefined ? '' : formatDuration(ms);
}
