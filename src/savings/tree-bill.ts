import type { Bill, BillChild, RunSummary } from '../shared/dto.ts';
import type { JournalEvent } from '../shared/events.ts';
import { billOf } from './bill.ts';

export interface RunBelow {
  readonly run: RunSummary;
  readonly events: readonly JournalEvent[];
}

/** The bill of a run with all runs below it: whoever started a task pays for its agents too, and each of them is a line of its own. */
export function treeBillOf(run: string, events: readonly JournalEvent[], below: readonly RunBelow[], now: number = Date.now()): Bill {
  if (below.length === 0) return billOf(run, events, now);
  // The time of a child lies inside that of its parent: summed up, it would count twice.
  const inside = below.flatMap((child) => child.events.filter((event) => !(event.type === 'meter' && event.meter === 'run.wall_ms')));
  return { ...billOf(run, [...events, ...inside], now), children: below.map((child) => childLine(child, now)) };
}

function childLine({ run: { id, title, state }, events }: RunBelow, now: number): BillChild {
  const { realCostUsd, realCostMark, ledger } = billOf(id, events, now);
  const created = events.find((event) => event.type === 'run.created');
  const agent = created?.type === 'run.created' ? created.parent?.agent : undefined;
  const tokens = ledger.filter(({ meter }) => meter === 'model.input_tokens' || meter === 'model.output_tokens').reduce((sum, { value }) => sum + value, 0);
  return { run: id, title, state, ...(agent === undefined ? {} : { agent }), tokens, costUsd: realCostUsd, costMark: realCostMark };
}
