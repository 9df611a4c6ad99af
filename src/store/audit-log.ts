import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AuditAnchor, type NotedEntry } from './audit-anchor.ts';
import { auditHash, auditRoot, type AuditEntry } from './audit-chain.ts';
import type { EventOf } from '../shared/events.ts';
import { isTaken } from './database.ts';
import { joinJournal } from './event-table.ts';
import { RowInserts, rowsAtOnce } from './row-inserts.ts';

/** What an entry is chained to. */
interface Link {
  readonly id: number;
  readonly hash: string;
}

/** So long after a decision its entry is noted beside the database, in milliseconds: with those of the same work, and off its way. */
const noteAfterMs = 2000;

/** The audit table. Its rows are never changed and never removed, not even with their run. */
export class AuditLog implements Disposable {
  readonly #db: DatabaseSync;
  readonly #last: StatementSync;
  readonly #source: StatementSync;
  readonly #rows: RowInserts;
  /** The run of the last entry: its source never changes. */
  #run: { readonly id: string; readonly source: string } | undefined;
  /** The last entry, as far as this program knows: read anew for each decision, it would cost as much as to write one. */
  #end: Link | undefined;
  readonly #anchor: AuditAnchor;
  #note: NodeJS.Timeout | undefined;

  /** `movedAside`: where a damaged database was moved to just now. */
  constructor(db: DatabaseSync, directory: string, movedAside?: string) {
    this.#db = db;
    this.#anchor = new AuditAnchor(directory);
    if (movedAside !== undefined) this.#anchor.moveAside(movedAside);
    this.#rows = new RowInserts(db, 'audit', ['id', 'at', 'run', 'source', 'action', 'effect', 'outcome', 'reason', 'rule', 'hash']);
    this.#last = db.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1');
    this.#source = db.prepare('SELECT source FROM runs WHERE id = ?');
  }

  /**
   * Must run inside the writing transaction of the event: two windows would otherwise chain to the same entry. Where that transaction fails, `forgetEnd` must be
   * called.
   */
  append(...decisions: readonly EventOf<'decision'>[]): void {
    if (decisions.length === 0) return;
    for (let from = 0; from < decisions.length; from += rowsAtOnce) {
      const some = decisions.slice(from, from + rowsAtOnce);
      try {
        this.#end = this.#append(some, this.#end ?? (this.#last.get() as Link | undefined));
      } catch (error) {
        if (this.#end === undefined || !isTaken(error)) throw error;
        // Another window has written an entry with one of these numbers: these follow from its last.
        this.#end = this.#append(some, this.#last.get() as Link | undefined);
      }
    }
    this.#note ??= setTimeout(() => this.#noteHead(), noteAfterMs).unref();
  }

  /** What was appended last did not come to pass. */
  forgetEnd(): void {
    this.#end = undefined;
  }

  /** The entry that was noted beside the database as its last one. */
  get anchor(): NotedEntry | undefined {
    return this.#anchor.read();
  }

  /** How many decisions the record of the runs has that the log has not. Reads all of both. */
  missing(): number {
    const { missing } = this.#db.prepare(`SELECT coalesce(sum(max(0, e.count - coalesce(a.count, 0))), 0) AS missing
      FROM (SELECT j.run AS run, count(*) AS count FROM events e ${joinJournal} WHERE e.type = 'decision' GROUP BY j.run) e LEFT JOIN (SELECT run, count(*) AS count FROM audit GROUP BY run) a USING (run)`).get() as { missing: number };
    return missing;
  }

  /** An entry that was noted and is not there any more is left noted: it is what shows that the log was cut. */
  #noteHead(): void {
    this.#note = undefined;
    try {
      const last = this.#last.get() as Link | undefined;
      const noted = this.#anchor.read();
      const kept = noted === undefined || this.#db.prepare('SELECT 1 FROM audit WHERE id = ? AND hash = ?').get(noted.id, noted.hash) !== undefined;
      if (last !== undefined && kept) this.#anchor.write({ ...last, at: Date.now() });
    } catch {
      // Noted with the next decision. The log itself is not touched by it.
    }
  }

  [Symbol.dispose](): void {
    if (this.#note === undefined) return;
    clearTimeout(this.#note);
    this.#noteHead();
  }

  #append(decisions: readonly EventOf<'decision'>[], last: Link = { id: 0, hash: auditRoot }): Link {
    let { id, hash } = last;
    const values: (string | number)[] = [];
    for (const { at, run, action, effect, outcome, reason, rule = '' } of decisions) {
      const source = this.#sourceOf(run);
      id += 1;
      hash = auditHash(hash, { id, at, run, source, action, effect, outcome, reason, rule });
      values.push(id, at, run, source, action, effect, outcome, reason, rule, hash);
    }
    this.#rows.insert(values);
    return { id, hash };
  }

  #sourceOf(run: string): string {
    if (run !== this.#run?.id) this.#run = { id: run, ...(this.#source.get(run) as { source: string }) };
    return this.#run.source;
  }

  /** Oldest first: all of them, or those of one run, which are not a chain by themselves. */
  *entries(run?: string): Generator<AuditEntry> {
    const page = this.#db.prepare('SELECT * FROM audit WHERE id > ?1 AND (?2 IS NULL OR run = ?2) ORDER BY id LIMIT 1000');
    for (let after = 0; ; ) {
      const rows = page.all(after, run ?? null) as unknown as AuditEntry[];
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  }
}
