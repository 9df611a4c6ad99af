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

const words: Readonly<Record<BudgetKind, string>> = {
  wallMs: 'milliseconds of wall time', steps: 'steps', moneyUsd: 'US dollars', tokens: 'tokens', browserSeconds: 'browser-seconds', egressBytes: 'bytes over the network',
};

export function budgetExceeded(kind: BudgetKind, limit: number): AssassinError {
  return new AssassinError('budget-exceeded', `The run has used up its budget of ${limit} ${words[kind]}.`, {
    hint: `Raise "${kind}" with --budget, in the chain's meta.budget or in the settings if the work is meant to be that large.`,
    data: { budget: kind, limit },
  });
}

/** Counts what a run uses, and refuses what would go over. A child run draws from its own limits and from its parent's. */
export class Budget {
  readonly limits: BudgetLimits;
  readonly #parent: Budget | undefined;
  readonly #used = new Map<BudgetKind, number>();

  constructor(limits: BudgetLimits, parent?: Budget) {
    this.limits = limits;
    this.#parent = parent;
  }

  used(kind: BudgetKind): number {
    return this.#used.get(kind) ?? 0;
  }

  /** What is left, `Infinity` where nothing limits it. */
  left(kind: BudgetKind): number {
    const own = (this.limits[kind] ?? Number.POSITIVE_INFINITY) - this.used(kind);
    return Math.min(own, this.#parent?.left(kind) ?? Number.POSITIVE_INFINITY);
  }

  /** Call before the use. Throws `budget-exceeded` and counts nothing where it would go over. */
  charge(kind: BudgetKind, amount: number): void {
    if (amount > this.left(kind)) throw budgetExceeded(kind, this.limits[kind] ?? this.#parent?.limits[kind] ?? 0);
    this.#add(kind, amount);
  }

  /** Corrects what was charged beforehand to what it really was; what has been used counts even where it goes over. Throws nothing. */
  settle(kind: BudgetKind, difference: number): void {
    this.#add(kind, difference);
  }

  #add(kind: BudgetKind, amount: number): void {
    this.#used.set(kind, this.used(kind) + amount);
    if (this.#parent) this.#parent.#add(kind, amount);
  }
}

/** The limits of a child run: what is left to its parent, or less where less is asked for. */
export function childLimits(parent: Budget, wanted: BudgetLimits): BudgetLimits {
  const kinds = Object.keys(defaultBudget) as readonly BudgetKind[];
  return Object.fromEntries(kinds.flatMap((kind) => {
    const limit = Math.min(wanted[kind] ?? Number.POSITIVE_INFINITY, Math.max(0, parent.left(kind)));
    return limit === Number.POSITIVE_INFINITY ? [] : [[kind, limit]];
  }));
}
