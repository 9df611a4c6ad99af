import type { DatabaseSync } from 'node:sqlite';

/** Does all of it or nothing, while nobody else writes. Throws what the work or SQLite throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    db.exec('COMMIT');
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
