import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { auditHash, auditRoot, type AuditEntry } from './audit-chain.ts';
import type { EventOf } from '../shared/events.ts';

/** What an entry is chained to. */
interface Link {
  readonly id: number;
  readonly hash: string;
}

/** The audit table. Its rows are never changed and never removed, not even with their run. */
export class AuditLog {
  readonly #db: DatabaseSync;
  readonly #last: StatementSync;
  readonly #source: StatementSync;
  readonly #insert: StatementSync;
  /** The run of the last entry: its source never changes. */
  #run: { readonly id: string; readonly source: string } | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#last = db.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1');
    this.#source = db.prepare('SELECT source FROM runs WHERE id = ?');
    this.#insert = db.prepare('INSERT INTO audit (id, at, run, source, action, effect, outcome, reason, rule, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** Must run inside the writing transaction of the event: two windows would otherwise chain to the same entry. */
  append(...decisions: readonly EventOf<'decision'>[]): void {
    let last = decisions.length === 0 ? undefined : (this.#last.get() as Link | undefined);
    for (const decision of decisions) last = this.#append(decision, last);
  }

  #append({ at, run, action, effect, outcome, reason, rule = '' }: EventOf<'decision'>, last: Link | undefined): Link {
    if (run !== this.#run?.id) this.#run = { id: run, ...(this.#source.get(run) as { source: string }) };
    const { source } = this.#run;
    const entry = { id: (last?.id ?? 0) + 1, at, run, source, action, effect, outcome, reason, rule };
    const hash = auditHash(last?.hash ?? auditRoot, entry);
    this.#insert.run(entry.id, at, run, source, action, effect, outcome, reason, rule, hash);
    return { id: entry.id, hash };
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
