import type { DatabaseSync, StatementSync } from 'node:sqlite';

interface Bounds {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
}

/** Prepared once for each database: to parse two words for each event took a tenth of its time. */
const prepared = new WeakMap<DatabaseSync, Bounds>();

function boundsOf(db: DatabaseSync): Bounds {
  const known = prepared.get(db);
  if (known) return known;
  const bounds = { begin: db.prepare('BEGIN IMMEDIATE'), commit: db.prepare('COMMIT') };
  prepared.set(db, bounds);
  return bounds;
}

/** Does all of it or nothing, while nobody else writes. Throws what the work or SQLite throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  const { begin, commit } = boundsOf(db);
  begin.run();
  try {
    const value = work();
    commit.run();
    return value;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as on a full disk; the first error is the one that matters.
    }
    throw error;
  }
}
