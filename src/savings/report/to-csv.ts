import type { RunRecord } from '../../shared/usage-report.ts';
import { costOf, dayOf, isUnpriced } from './breakdowns.ts';
import { nanoText } from '../../shared/nano-text.ts';
import type { PricedService } from './price-records.ts';

/**
 * One row for each run, and one for each month or day in which a service's free allowance takes something off. There is no row of totals:
 * each money column, added up, is the total of the report. An amount that is not known is an empty cell.
 */
export function toCsv(records: readonly RunRecord[], services: readonly PricedService[]): string {
  const header = [
    'row', 'machine', 'run', 'day', 'workspace', 'kind', 'title', 'source', 'state', 'duration_ms', 'browser_sessions', 'code_runs',
    'input_tokens', 'cached_tokens', 'output_tokens', 'real_cost_usd', ...services.map(({ total }) => `${total.service} usd`),
  ];
  const runs = records.map((record) => [
    'run', record.machine, record.run, dayOf(record), record.workspace, record.kind, record.title, record.source, record.state,
    record.durationMs === undefined ? '' : String(Math.round(record.durationMs)), String(record.browsers.length), String(record.sandboxes.length),
    ...(['inputTokens', 'cachedTokens', 'outputTokens'] as const).map((field) => String(record.models.reduce((sum, model) => sum + model[field], 0))),
    isUnpriced(record) && costOf(record.models) === 0 ? '' : nanoText(costOf(record.models)),
    ...services.map(({ byRun }) => optional(byRun.get(record.run))),
  ]);
  const free = services.flatMap((service, column) => service.free.filter(({ nanoUsd }) => nanoUsd > 0).map(({ period, nanoUsd }) => [
    'free allowance', '', '', period, '', '', service.total.service, ...Array.from({ length: 9 }, () => ''),
    ...services.map((_, other) => (other === column ? nanoText(-nanoUsd) : '')),
  ]));
  return [header, ...runs, ...free].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function optional(nano: number | undefined): string {
  return nano === undefined ? '' : nanoText(nano);
}

/** Quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe before it: titles may come from anywhere. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
