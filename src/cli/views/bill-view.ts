import { formatBytes } from '../../shared/bytes.ts';
import type { Bill, LedgerLine, SparedDefinitions } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import { formatGbSeconds } from '../../shared/meters.ts';
import { formatUsd } from '../../shared/money.ts';
import { definitionTokens } from '../../shared/spared-definitions.ts';
import { wholeNumber } from '../../shared/whole-number.ts';
import type { Style } from '../style.ts';
import { oneLine, wrap } from '../text.ts';
import { renderTable } from './table.ts';

/** What was metered, what it cost, and what it would have cost elsewhere, each figure with the arithmetic behind it. */
export function renderBill(bill: Bill, style: Style, width: number): readonly string[] {
  const metered = bill.ledger.length === 0 ? ['Nothing was metered.'] : renderTable(
    [{ title: 'metered', whole: true }, { title: 'amount', align: 'right' }, { title: 'mark', whole: true }, { title: 'how', wrap: true }],
    bill.ledger.map((line) => [line.meter, formatAmount(line), line.mark, oneLine(line.source)]),
    width,
  );
  return [...metered, '', realCost(bill), ...startedRuns(bill, width), ...replayed(bill, width), ...spared(bill, width), ...elsewhere(bill, style, width), ...wrap(`Not counted: ${bill.notCounted.join('; ')}.`, width).map(style.dim)];
}

function realCost({ realCostUsd, realCostMark, ledger }: Bill): string {
  if (realCostMark === 'unknown') return 'Real cost: unpriced (a model was used whose price is not known).';
  const model = ledger.some((line) => line.meter.startsWith('model.'));
  return `Real cost: ${formatUsd(realCostUsd)} (${model ? realCostMark : 'measured: no model and no paid service was used'}).`;
}

function startedRuns({ children = [] }: Bill, width: number): readonly string[] {
  return children.flatMap(({ run, agent, title, state, tokens, costUsd, costMark }) => {
    const cost = costMark === 'unknown' ? 'unpriced' : formatUsd(costUsd);
    return wrap(`Of that ${agent === undefined ? 'a run' : `the agent ${oneLine(agent)}`} (${run}, ${state}): ${wholeNumber(tokens)} tokens, ${cost}. ${oneLine(title).slice(0, 120)}`, width);
  });
}

function replayed({ replay }: Bill, width: number): readonly string[] {
  if (replay === undefined) return [];
  const cost = replay.costUsd === undefined ? '; their price is not known' : `, ${formatUsd(replay.costUsd)}`;
  return wrap(`Repeated without a model what the task ${replay.of} worked out: its models used ${wholeNumber(replay.tokens)} tokens${cost}.`, width);
}

function spared({ spared: saved }: Bill, width: number): readonly string[] {
  if (saved === undefined) return [];
  const { tokens, results, definitions, unrecorded } = saved;
  const some = [
    ...(definitions.length === 0 ? [] : [`about ${wholeNumber(definitionTokens(definitions))} tokens of definitions of tools: ${definitions.map(definitionFormula).join(' + ')}`]),
    // Programs that gave back more than they worked on have kept nothing out.
    ...(tokens <= 0 ? [] : [`about ${wholeNumber(tokens)} tokens of ${results === 1 ? '1 result' : `${wholeNumber(results)} results`} of tools that its programs called, once each, without what they gave back`]),
    ...(unrecorded === 0 ? [] : [`${unrecorded === 1 ? 'definitions' : `definitions of ${unrecorded} runs`}: not recorded`]),
  ];
  if (some.length === 0) return [];
  return ["Kept out of the model's context:", ...some.flatMap((line) => wrap(`- ${line}`, width)), ...wrap('Against an agent that is told of every connected tool with each request and has each result in its context once: counterfactual, estimated at four characters a token, and not in the saving.', width)];
}

function definitionFormula({ tools, tokens, toldTools, toldTokens, requests }: SparedDefinitions): string {
  return `(${wholeNumber(tokens)} of ${wholeNumber(tools)} tools − ${wholeNumber(toldTokens)} of the ${wholeNumber(toldTools)} that it was told of) × ${wholeNumber(requests)} ${requests === 1 ? 'request' : 'requests'}`;
}

function elsewhere(bill: Bill, style: Style, width: number): readonly string[] {
  if (bill.baselines.length === 0) return [];
  const lines = ['', 'What the same use would have cost elsewhere:'];
  const columns = [{ title: 'service' }, { title: 'list price', align: 'right' as const }, { title: 'after free tier', align: 'right' as const }, { title: 'price as of' }];
  const rows = bill.baselines.map((line) => [
    line.service, `${line.mark === 'estimated' ? '~' : ''}${formatUsd(line.listUsd)}`, formatUsd(line.afterFreeTierUsd), `${line.asOf}${line.stale ? ' (old)' : ''}`,
  ]);
  const table = renderTable(columns, rows, width);
  // Each service has lines of its own below its row: one line must stay one.
  const [head, rule, ...body] = table.length === rows.length + 2 ? table : renderTable(columns, rows, Number.POSITIVE_INFINITY);
  lines.push(head!, rule!);
  body.forEach((row, i) => {
    const { formula, source, what } = bill.baselines[i]!;
    lines.push(row, ...wrap(`${what} = ${formula}; ${source}`, width - 4).map((text) => style.dim(`    ${text}`)));
  });
  if (bill.baselines.some((line) => line.mark === 'estimated')) lines.push(style.dim('~ is an estimate: a part is not confirmed by the vendor, or not measured.'));
  if (bill.baselines.some((line) => line.stale)) lines.push(style.dim('(old) is a price that was last confirmed more than 60 days ago.'));
  if (bill.saving) {
    const { against, listUsd, afterFreeTierUsd } = bill.saving;
    lines.push('', ...wrap(`${listUsd < 0 ? 'Lost' : 'Saved'} against the cheapest of them, ${against}: ${formatUsd(Math.abs(listUsd))} at list price, ${formatUsd(afterFreeTierUsd)} after free tiers.`, width).map(style.bold));
  }
  return lines;
}

/** Short for a person; the JSON output has the exact figure. Where there is none it is not a nought. */
function formatAmount({ value, unit, mark }: LedgerLine): string {
  if (mark === 'unknown') return unit === 'USD' ? 'unpriced' : 'not measured';
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'USD':
      return formatUsd(value);
    case 'GB-s':
      return formatGbSeconds(value);
    default:
      return `${Number(value.toFixed(3))} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
  }
}
