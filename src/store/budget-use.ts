import type { DatabaseSync } from 'node:sqlite';
import { storeError } from './database.ts';
import { inTransaction } from './transaction.ts';

/** A limit that several programs draw from together: whose it is, the day or month that it counts for, and how much. */
export interface BudgetLine {
  readonly scope: string;
  readonly period: string;
  readonly limit: number;
}

/** A sum of many small amounts is not to be refused for the last digit of a float. */
const slack = 1e-9;

/**
 * What is used up of the budgets that outlive a run. What is taken counts at once, before it is used: a program that is killed meanwhile has used it. So no
 * number of programs on one store can use more together than they may.
 */
export class BudgetUse {
  readonly #db: DatabaseSync;
  readonly #directory: string;

  constructor(db: DatabaseSync, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  used({ scope, period }: Pick<BudgetLine, 'scope' | 'period'>, kind: string): number {
    const row = this.#db.prepare('SELECT used FROM budget_use WHERE scope = ? AND period = ? AND kind = ?').get(scope, period, kind) as { used: number } | undefined;
    return row?.used ?? 0;
  }

  /** Takes an amount from all lines, or from none: then it gives back the line that it does not fit in. Throws `store-*`. */
  take(lines: readonly BudgetLine[], kind: string, amount: number): BudgetLine | undefined {
    return this.#transaction(() => {
      const over = lines.find((line) => this.used(line, kind) + amount > line.limit + slack);
      if (over === undefined) this.#add(lines, kind, amount);
      return over;
    });
  }

  /** Corrects what was taken, or counts what could not be refused any more. Throws `store-*`. */
  add(lines: readonly Pick<BudgetLine, 'scope' | 'period'>[], kind: string, amount: number): void {
    this.#transaction(() => this.#add(lines, kind, amount));
  }

  #add(lines: readonly Pick<BudgetLine, 'scope' | 'period'>[], kind: string, amount: number): void {
    const statement = this.#db.prepare('INSERT INTO budget_use (scope, period, kind, used) VALUES (?1, ?2, ?3, MAX(0, ?4)) ON CONFLICT DO UPDATE SET used = MAX(0, used + ?4)');
    for (const { scope, period } of lines) statement.run(scope, period, kind, amount);
  }

  #transaction<T>(work: () => T): T {
    try {
      return inTransaction(this.#db, work);
    } catch (error) {
      throw storeError(error, this.#directory);
    }
  }
}
