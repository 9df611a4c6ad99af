import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalEvent } from '../shared/events.ts';
import { eventsAfter } from './event-table.ts';

export interface TraceLimits {
  readonly maxSpans: number;
  /** Of what the spans are on record with, without indexes. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Which runs are traces of other programs, how much they hold, and what is tagged. */
export class ReceivedTraces {
  readonly #db: DatabaseSync;
  /** Each span comes by here: to prepare its statements anew took longer than to run them. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The run that a trace is recorded in, with the spans that it holds by now. */
  runOf(workspace: string, trace: string): { readonly run: string; readonly spans: ReadonlySet<string> } | undefined {
    const row = this.#prepared('SELECT run FROM received_traces WHERE workspace = ? AND trace = ?').get(workspace, trace) as { run: string } | undefined;
    if (row === undefined) return undefined;
    const spans = this.#prepared(`SELECT e.body ->> 'span' AS span ${eventsAfter} AND e.type = 'span.received'`).all(row.run, 0) as { span: string }[];
    return { run: row.run, spans: new Set(spans.map(({ span }) => span)) };
  }

  get spans(): number {
    return (this.#db.prepare('SELECT COALESCE(SUM(spans), 0) AS spans FROM received_traces').get() as { spans: number }).spans;
  }

  /** What of an event shows in lists; within the transaction that records it. */
  project(event: JournalEvent): void {
    if (event.type === 'trace.received') {
      this.#prepared('INSERT INTO received_traces (workspace, trace, run, at) VALUES (?, ?, ?, ?)').run(event.workspace, event.trace, event.run, Date.now());
    } else if (event.type === 'trace.grown') {
      this.#prepared('UPDATE received_traces SET spans = spans + ?, bytes = bytes + ? WHERE run = ?').run(event.spans, event.bytes, event.run);
      this.#prepared(`UPDATE runs SET title = COALESCE(?1, title), session = COALESCE(?2, session), started_at = MIN(COALESCE(started_at, ?3), ?3),
        ended_at = CASE WHEN ended_at IS NULL THEN NULL ELSE MAX(ended_at, ?4) END WHERE id = ?5`).run(event.title ?? null, event.session ?? null, event.from, event.to, event.run);
    } else if (event.type === 'run.tagged') {
      for (const tag of event.remove) this.#prepared('DELETE FROM run_tags WHERE run = ? AND tag = ?').run(event.run, tag);
      for (const tag of event.add) this.#prepared('INSERT OR IGNORE INTO run_tags (run, tag) VALUES (?, ?)').run(event.run, tag);
    }
  }

  tags(run: string): readonly string[] {
    return (this.#db.prepare('SELECT tag FROM run_tags WHERE run = ? ORDER BY tag').all(run) as { tag: string }[]).map(({ tag }) => tag);
  }

  /** The caller's transaction is used. */
  forget(run: string): void {
    this.#db.prepare('DELETE FROM received_traces WHERE run = ?').run(run);
    this.#db.prepare('DELETE FROM run_tags WHERE run = ?').run(run);
  }

  /** Traces beyond the limits, the oldest first; those that still grow are not among them. */
  beyond({ maxSpans, maxBytes, maxAgeMs }: TraceLimits, now: number = Date.now()): readonly string[] {
    const rows = this.#db.prepare(`SELECT t.run FROM (
      SELECT run, at, SUM(spans) OVER newer AS spans, SUM(bytes) OVER newer AS bytes FROM received_traces WINDOW newer AS (ORDER BY run DESC)
    ) t JOIN runs r ON r.id = t.run WHERE r.ended_at IS NOT NULL AND (t.spans > ? OR t.bytes > ? OR t.at < ?) ORDER BY t.run`).all(maxSpans, maxBytes, now - maxAgeMs) as { run: string }[];
    return rows.map(({ run }) => run);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
