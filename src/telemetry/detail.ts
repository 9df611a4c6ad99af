import type { RunDetail, RunSummary } from '../shared/dto.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';

/** A run with its input, grants, limits and result. Throws `store-corrupt` where the record has lost its beginning. */
export function detailOf(summary: RunSummary, events: readonly JournalEvent[], children: readonly RunSummary[] = []): RunDetail {
  let created: EventOf<'run.created'> | undefined;
  let result: EventOf<'run.result'> | undefined;
  let asks = 0;
  for (const event of events) {
    if (event.type === 'run.created') created = event;
    else if (event.type === 'run.result') result = event;
    else if (event.type === 'meter' && event.meter === 'asks') asks += event.value;
  }
  if (!created) throw new AssassinError('store-corrupt', `The record of the run ${summary.id} has no beginning.`, { hint: 'Delete the run; the others are not affected.' });
  const { input, grants, budget, fixed } = created;
  return { ...summary, input, grants, budget, asks, children, ...(fixed === undefined ? {} : { fixed }), ...(result === undefined ? {} : { result: result.value }) };
}
