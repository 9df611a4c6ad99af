import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits } from '../shared/events.ts';

/** Wide enough for honest work, narrow enough that a loop of a program or model ends by itself. Money is 0: it must be asked for. */
export const defaultBudget: Required<BudgetLimits> = {
  wallMs: 10 * 60_000,
  steps: 10_000,
  moneyUsd: 0,
  tokens: 0,
  browserSeconds: 10 * 60,
  egressBytes: 256 * 1024 * 1024,
};

export type BudgetKind = keyof BudgetLimits;

export const budgetKinds = Object.keys(defaultBudget) as readonly BudgetKind[];

export const budgetWords: Readonly<Record<BudgetKind, string>> = {
  wallMs: 'milliseconds of wall time', steps: 'steps', moneyUsd: 'US dollars', tokens: 'tokens', browserSeconds: 'browser-seconds', egressBytes: 'bytes over the network',
};

export function budgetExceeded(kind: BudgetKind, limit: number): AssassinError {
  const words = budgetWords[kind];
  return new AssassinError('budget-exceeded', limit === 0 ? `The run has no budget of ${words}.` : `The run has used up its budget of ${limit} ${words}.`, {
    hint: `${limit === 0 ? 'Set' : 'Raise'} the setting infrastructureAssassin.budget.${kind}, "${kind}" in the chain's meta.budget or, on the command line, --budget.`,
    data: { budget: kind, limit },
  });
}

/** What several runs draw from together, whatever each of them may use by itself. */
export interface BudgetPool {
  /** `Infinity` where nothing limits it. */
  left(kind: BudgetKind): number;
  /** Throws `budget-exceeded` and counts nothing where it would go over. Gives back when it was counted, in milliseconds since 1970. */
  charge(kind: BudgetKind, amount: number): number;
  /** For what has been used already: counts it, and throws `budget-exceeded` where it went over. */
  spend(kind: BudgetKind, amount: number): void;
  /** Throws nothing. `at`: when the charge that it corrects was counted, so that what is given back goes to the day that it was taken from. */
  settle(kind: BudgetKind, difference: number, at: number): void;
  /** The error for a use that does not fit. */
  refusal(kind: BudgetKind): AssassinError;
}

/** Counts what a run uses, and refuses what would go over. A child run draws from its own limits and from its parent's, and all of them from the pool. */
export class Budget implements BudgetPool {
  readonly limits: BudgetLimits;
  readonly #parent: Budget | undefined;
  readonly #pool: BudgetPool | undefined;
  readonly #used = new Map<BudgetKind, number>();

  constructor(limits: BudgetLimits, parent?: Budget, pool?: BudgetPool) {
    this.limits = limits;
    this.#parent = parent;
    this.#pool = parent === undefined ? pool : parent.#pool;
  }

  used(kind: BudgetKind): number {
    return this.#used.get(kind) ?? 0;
  }

  /** What is left to the run and those above it, `Infinity` where nothing limits it. The pool is left out: others draw from that too. */
  leftToRun(kind: BudgetKind): number {
    return Math.min(this.#own(kind), this.#parent?.leftToRun(kind) ?? Number.POSITIVE_INFINITY);
  }

  /** What could be used now, `Infinity` where nothing limits it. */
  left(kind: BudgetKind): number {
    return Math.min(this.leftToRun(kind), this.#pool?.left(kind) ?? Number.POSITIVE_INFINITY);
  }

  /** Whether anything but the run itself limits it. */
  isPooled(kind: BudgetKind): boolean {
    return this.#pool !== undefined && this.#pool.left(kind) !== Number.POSITIVE_INFINITY;
  }

  /** Whether somebody has set an amount of it: to the run, to one above it, or to all runs together. 0, as long as nobody says more, is none. */
  isSet(kind: BudgetKind): boolean {
    return (this.limits[kind] ?? 0) > 0 || this.#parent?.isSet(kind) === true || this.isPooled(kind);
  }

  /** Call before the use. Throws `budget-exceeded` and counts nothing where it would go over. Gives back when it was counted, for `settle`. */
  charge(kind: BudgetKind, amount: number): number {
    if (amount > this.leftToRun(kind)) throw this.#refusalOfRun(kind);
    const at = this.#pool?.charge(kind, amount) ?? 0;
    this.#add(kind, amount);
    return at;
  }

  /** For what was used before it could be refused, such as bytes that have arrived: counts it, and throws `budget-exceeded` where it went over. */
  spend(kind: BudgetKind, amount: number): void {
    const over = amount > this.leftToRun(kind) ? this.#refusalOfRun(kind) : undefined;
    this.#add(kind, amount);
    this.#pool?.spend(kind, amount);
    if (over) throw over;
  }

  /** Throws `budget-exceeded` where nothing is left: what cannot be counted beforehand is not begun then. */
  require(kind: BudgetKind): void {
    if (this.left(kind) <= 0) throw this.refusal(kind);
  }

  /** Corrects what was charged beforehand (`at`) to what it really was; what has been used counts even where it goes over. */
  settle(kind: BudgetKind, difference: number, at: number): void {
    this.#add(kind, difference);
    this.#pool?.settle(kind, difference, at);
  }

  /** The error of the limit that leaves the least. */
  refusal(kind: BudgetKind): AssassinError {
    return this.#pool !== undefined && this.#pool.left(kind) < this.leftToRun(kind) ? this.#pool.refusal(kind) : this.#refusalOfRun(kind);
  }

  #refusalOfRun(kind: BudgetKind): AssassinError {
    const above = this.#parent?.leftToRun(kind) ?? Number.POSITIVE_INFINITY;
    return this.#parent !== undefined && above < this.#own(kind) ? this.#parent.#refusalOfRun(kind) : budgetExceeded(kind, this.limits[kind] ?? 0);
  }

  #own(kind: BudgetKind): number {
    return (this.limits[kind] ?? Number.POSITIVE_INFINITY) - this.used(kind);
  }

  #add(kind: BudgetKind, amount: number): void {
    this.#used.set(kind, this.used(kind) + amount);
    if (this.#parent) this.#parent.#add(kind, amount);
  }
}

/** The limits of a child run: what is left to its parent, or less where less is asked for. */
export function childLimits(parent: Budget, wanted: BudgetLimits): BudgetLimits {
  return Object.fromEntries(budgetKinds.flatMap((kind) => {
    const limit = Math.min(wanted[kind] ?? Number.POSITIVE_INFINITY, Math.max(0, parent.leftToRun(kind)));
    return limit === Number.POSITIVE_INFINITY ? [] : [[kind, limit]];
  }));
}
