import type { RunQuery, RunStore } from '../../store/run-store.ts';
import type { JournalEvent } from '../../shared/events.ts';
import type { RunRecord } from '../../shared/usage-report.ts';
import { recordOfRun } from './record-of-run.ts';

export interface RecordQuery extends Pick<RunQuery, 'workspace'> {
  /** Milliseconds since 1970; `until` itself is not in. */
  readonly since?: number;
  readonly until?: number;
  readonly machine: string;
  /** Records of runs that were read before, of the same machine; only what has changed since is read again. */
  readonly known?: KnownRecords;
  /** Hears how many runs were read so far. */
  readonly onRead?: (runs: number) => void;
  readonly signal?: AbortSignal;
}

/** By run: its record, as of so many events. */
export type KnownRecords = Map<string, { readonly events: number; readonly record: RunRecord }>;

/** Records of the runs that were begun in a span of time, oldest first. Reads one run's journal at a time; yields between runs, so that a host may go on. Throws the reason of `signal`. */
export async function recordsOfStore(store: RunStore, { workspace, since = 0, until = Number.MAX_SAFE_INTEGER, machine, known, onRead, signal }: RecordQuery): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (let after: string | undefined; ; ) {
    const page = store.runs({ limit: 200, ...(workspace === undefined ? {} : { workspace }), ...(after === undefined ? {} : { after }) });
    for (const summary of page.items) {
      // Runs of other programs are listed by when they came in, and may have begun long before: an old one does not mean that all that follow are older.
      if (summary.createdAt < since || summary.createdAt >= until) continue;
      const before = known?.get(summary.id);
      if (before?.events === summary.events) {
        records.push(before.record);
        continue;
      }
      signal?.throwIfAborted();
      const record = recordOfRun(summary, allEvents(store, summary.id), machine);
      known?.set(summary.id, { events: summary.events, record });
      records.push(record);
      onRead?.(records.length);
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
