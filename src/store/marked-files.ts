import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Of all workspaces together; the oldest are forgotten first. */
const remembered = 50_000;

/** Files that hold text of strangers because a run wrote them after it had read such text. For all programs, and beyond the record of that run. */
export class MarkedFiles {
  readonly #find: StatementSync;
  readonly #mark: StatementSync;
  readonly #forget: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT 1 FROM marked_files WHERE path = ?');
    this.#mark = db.prepare('INSERT INTO marked_files (path, at) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET at = excluded.at');
    this.#forget = db.prepare('DELETE FROM marked_files WHERE path IN (SELECT path FROM marked_files ORDER BY at DESC LIMIT -1 OFFSET ?)');
  }

  /** @param path absolute, symbolic links resolved. */
  has(path: string): boolean {
    return this.#find.get(path) !== undefined;
  }

  add(path: string): void {
    this.#mark.run(path, Date.now());
  }

  prune(): void {
    this.#forget.run(remembered);
  }
}
