import type { JournalEvent } from '../shared/events.ts';

/** US dollars that each step itself has cost, without the steps inside it. A step that asked a model without a known price has no entry. */
export function costByStep(events: readonly JournalEvent[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  const unpriced = new Set<string>();
  for (const event of events) {
    if (event.type !== 'meter' || event.meter !== 'model.cost_usd' || event.step === undefined) continue;
    if (event.mark === 'unknown') unpriced.add(event.step);
    else costs.set(event.step, (costs.get(event.step) ?? 0) + event.value);
  }
  for (const step of unpriced) costs.delete(step);
  return costs;
}
