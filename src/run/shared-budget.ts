import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits } from '../shared/events.ts';
import type { BudgetLine, BudgetUse } from '../store/budget-use.ts';
import { budgetKinds, budgetWords, type BudgetKind, type BudgetPool } from './budget.ts';

/** Limits of all runs together. What is not named is not limited. */
export interface SharedLimits {
  /** Of this data directory, from midnight to midnight, local time. */
  readonly perDay?: BudgetLimits;
  /** Of one workspace in a calendar month. */
  readonly perWorkspace?: BudgetLimits;
}

export type SharedScope = keyof SharedLimits;

export interface SharedUse {
  readonly per: SharedScope;
  readonly kind: BudgetKind;
  readonly used: number;
  readonly limit: number;
  readonly renewsAt: Date;
}

export interface SharedBudgetOptions {
  readonly use: BudgetUse;
  readonly workspace: string;
  readonly limits: SharedLimits;
  readonly now?: () => number;
}

interface SharedLine extends BudgetLine {
  readonly per: SharedScope;
}

const scopes: readonly SharedScope[] = ['perDay', 'perWorkspace'];

/** What is used in small amounts is taken in these, so that not each of them is a transaction. What is left of one is given back when no run goes on. */
const portions: Partial<Record<BudgetKind, number>> = { steps: 50, egressBytes: 256 * 1024 };

/** Draws from the limits of the day and of the workspace, which all programs on one store share. */
export class SharedBudget implements BudgetPool {
  readonly #options: SharedBudgetOptions;
  /** Taken and not used yet, by kind. */
  readonly #held = new Map<BudgetKind, { readonly amount: number; readonly at: number }>();

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
  }

  left(kind: BudgetKind): number {
    const now = this.#now();
    const left = this.#lines(kind, now).map((line) => line.limit - this.#options.use.used(line, kind));
    return Math.max(0, Math.min(Number.POSITIVE_INFINITY, ...left)) + this.#heldOf(kind, now);
  }

  charge(kind: BudgetKind, amount: number): number {
    const now = this.#now();
    const over = this.#take(kind, amount, now);
    if (over) throw this.#refusal(kind, over, now);
    return now;
  }

  spend(kind: BudgetKind, amount: number): void {
    const now = this.#now();
    const held = this.#heldOf(kind, now);
    const over = this.#take(kind, amount, now);
    if (over === undefined) return;
    this.#held.delete(kind);
    this.#options.use.add(this.#lines(kind, now), kind, amount - held);
    throw this.#refusal(kind, over, now);
  }

  settle(kind: BudgetKind, difference: number, at: number): void {
    const lines = this.#lines(kind, at);
    if (lines.length === 0 || difference === 0) return;
    try {
      this.#options.use.add(lines, kind, difference);
    } catch {
      // A store that cannot be written must not change how a run ends: what was taken beforehand stays used.
    }
  }

  refusal(kind: BudgetKind): AssassinError {
    const now = this.#now();
    const left = (line: SharedLine) => line.limit - this.#options.use.used(line, kind);
    const [tightest] = this.#lines(kind, now).toSorted((a, b) => left(a) - left(b));
    return tightest === undefined ? new AssassinError('internal', `No shared limit of ${budgetWords[kind]} is set, and one refused.`) : this.#refusal(kind, tightest, now);
  }

  /** What is used of each limit that is set. */
  uses(): readonly SharedUse[] {
    const now = this.#now();
    return budgetKinds.flatMap((kind) => this.#lines(kind, now).map((line) => ({
      per: line.per, kind, limit: line.limit, renewsAt: renewal(line.per, now), used: Math.max(0, this.#options.use.used(line, kind) - this.#heldOf(kind, now)),
    })));
  }

  /** Gives back what was taken and not used. */
  release(): void {
    for (const [kind, { amount, at }] of this.#held) this.settle(kind, -amount, at);
    this.#held.clear();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** Gives back the line that it does not fit in. */
  #take(kind: BudgetKind, amount: number, now: number): SharedLine | undefined {
    const lines = this.#lines(kind, now);
    if (lines.length === 0) return undefined;
    const { use } = this.#options;
    const held = this.#heldOf(kind, now);
    const missing = amount - held;
    const hold = (left: number) => this.#held.set(kind, { amount: left, at: now });
    if (missing <= 0) return void hold(-missing);
    const portion = portions[kind] ?? 0;
    if (missing < portion && use.take(lines, kind, portion) === undefined) return void hold(portion - missing);
    const over = use.take(lines, kind, missing);
    if (over === undefined) hold(0);
    return over === undefined ? undefined : lines.find(({ scope }) => scope === over.scope);
  }

  /** What was taken yesterday is used up with yesterday. */
  #heldOf(kind: BudgetKind, now: number): number {
    const held = this.#held.get(kind);
    return held !== undefined && dayOf(held.at) === dayOf(now) ? held.amount : 0;
  }

  #lines(kind: BudgetKind, at: number): readonly SharedLine[] {
    const { limits, workspace } = this.#options;
    return scopes.flatMap((per) => {
      const limit = limits[per]?.[kind];
      return limit === undefined ? [] : [{ per, scope: per === 'perDay' ? 'day' : `workspace ${workspace}`, period: per === 'perDay' ? dayOf(at) : dayOf(at).slice(0, 7), limit }];
    });
  }

  #refusal(kind: BudgetKind, line: SharedLine, now: number): AssassinError {
    const renewsAt = renewal(line.per, now);
    const whose = line.per === 'perDay' ? 'All runs of a day' : 'All runs of this workspace in a month';
    const used = this.#options.use.used(line, kind);
    return new AssassinError('budget-exceeded', `${whose} have ${amountOf(Math.max(0, line.limit - used))} of ${line.limit} ${budgetWords[kind]} left until the budget renews at ${dayOf(renewsAt.getTime())} 00:00.`, {
      hint: `Wait until then, or raise "${kind}" in the setting infrastructureAssassin.budget.${line.per}, or with ${line.per === 'perDay' ? '--budget-per-day' : '--budget-per-workspace'}.`,
      data: { budget: kind, limit: line.limit, used, per: line.per === 'perDay' ? 'day' : 'workspace', renewsAt: renewsAt.toISOString() },
    });
  }
}

function amountOf(amount: number): string {
  return String(Number(amount.toPrecision(6)));
}

/** `2026-11-23`, local time: a day is what the person calls one. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

function renewal(per: SharedScope, at: number): Date {
  const date = new Date(at);
  return per === 'perDay' ? new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1) : new Date(date.getFullYear(), date.getMonth() + 1, 1);
}
