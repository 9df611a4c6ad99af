import type { RunQuery, RunStore } from '../../store/run-store.ts';
import type { JournalEvent } from '../../shared/events.ts';
import type { RunRecord } from '../../shared/usage-report.ts';
import { recordOfRun } from './record-of-run.ts';

export interface RecordQuery extends Pick<RunQuery, 'workspace'> {
  /** Milliseconds since 1970; `until` itself is not in. */
  readonly since?: number;
  readonly until?: number;
  readonly machine: string;
}

/** Records of the runs that were begun in a span of time, oldest first. Reads one run's journal at a time; yields between runs, so that a host may go on. */
export async function recordsOfStore(store: RunStore, { workspace, since = 0, until = Number.MAX_SAFE_INTEGER, machine }: RecordQuery): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (let after: string | undefined; ; ) {
    const page = store.runs({ limit: 200, ...(workspace === undefined ? {} : { workspace }), ...(after === undefined ? {} : { after }) });
    for (const summary of page.items) {
      // Ids rise with time and the list falls: whatever follows is older still.
      if (summary.createdAt < since) return records.reverse();
      if (summary.createdAt >= until) continue;
      records.push(recordOfRun(summary, allEvents(store, summary.id), machine));
      await new Promise((resolve) => setImmediate(resolve));
    }
    after = page.next;
    if (after === undefined) return records.reverse();
  }
}

function allEvents(store: RunStore, run: string): readonly JournalEvent[] {
  const events: JournalEvent[] = [];
  for (let after = 0; ; after = events.at(-1)!.seq) {
    const page = store.events(run, after, 5000);
    for (const event of page) events.push(event);
    if (page.length < 5000) return events;
  }
}
