import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Rows of one statement: to bind and to step once for all of them takes less than once for each. */
export const rowsAtOnce = 32;

/** Inserts several rows of one table at once, by statements that are made once for each number of rows. */
export class RowInserts {
  readonly #db: DatabaseSync;
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #statements = new Map<number, StatementSync>();

  constructor(db: DatabaseSync, table: string, columns: readonly string[]) {
    this.#db = db;
    this.#table = table;
    this.#columns = columns;
  }

  /** @param values of one row behind the other; at most `rowsAtOnce` rows */
  insert(values: readonly (string | number)[]): void {
    const rows = values.length / this.#columns.length;
    let statement = this.#statements.get(rows);
    if (statement === undefined) {
      const row = `(${this.#columns.map(() => '?').join(', ')})`;
      this.#statements.set(rows, (statement = this.#db.prepare(`INSERT INTO ${this.#table} (${this.#columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`)));
    }
    statement.run(...values);
  }
}
