import type { JournalEvent } from '../shared/events.ts';
import type { PanelHistory } from './panel-ports.ts';

/** What stands above all tabs comes out of these. */
const told = ['run.created', 'run.result', 'meter'] as const satisfies readonly JournalEvent['type'][];

/** The events from which the head of a run is made, all of them and in their order; of a long record without the rest, which is still being read. */
export async function headEvents(history: PanelHistory, run: string): Promise<readonly JournalEvent[]> {
  if (await history.beginning(run)) return history.read((store) => store.eventsOf(run, told));
  const types: ReadonlySet<string> = new Set(told);
  return (await history.events(run)).filter(({ type }) => types.has(type));
}
