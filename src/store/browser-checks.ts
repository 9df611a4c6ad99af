import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What a self-test for leaks has found, for one browser program with one set of flags. */
export interface BrowserCheck {
  /** Hash over everything that the result depends on. */
  readonly key: string;
  readonly path: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  readonly tried: number;
  readonly leaks: readonly string[];
}

interface Row extends Omit<BrowserCheck, 'leaks'> {
  readonly leaks: string;
}

/** Results are kept as long as the program they are of is the same; older ones of the same program are replaced. */
export class BrowserChecks {
  readonly #find: StatementSync;
  readonly #forget: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT key, path, version, at, ms, tried, leaks FROM browser_checks WHERE key = ?');
    this.#forget = db.prepare('DELETE FROM browser_checks WHERE path = ?');
    this.#insert = db.prepare('INSERT OR REPLACE INTO browser_checks (key, path, version, at, ms, tried, leaks) VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  find(key: string): BrowserCheck | undefined {
    const row = this.#find.get(key) as unknown as Row | undefined;
    return row && { ...row, leaks: JSON.parse(row.leaks) as string[] };
  }

  keep({ key, path, version, at, ms, tried, leaks }: BrowserCheck): void {
    this.#forget.run(path);
    this.#insert.run(key, path, version, at, ms, tried, JSON.stringify(leaks));
  }
}
