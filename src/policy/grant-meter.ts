import type { GrantLimits } from './grant-limits.ts';

/** What was used of a grant by one call or one transfer. */
export interface GrantUse {
  readonly calls?: number;
  readonly bytes?: number;
  readonly usd?: number;
}

const kinds = ['calls', 'bytes', 'usd'] as const;
const words = { calls: 'calls', bytes: 'bytes', usd: 'US dollars' } as const;

/** Counts what a run uses of one limited grant. What a child run uses of it counts against its parent's too. */
export class GrantMeter {
  /** With `for` turned into the moment at which it is over, and never later or more than the parent's. */
  readonly limits: Omit<GrantLimits, 'forMs'>;
  readonly #parent: GrantMeter | undefined;
  readonly #used = { calls: 0, bytes: 0, usd: 0 };

  constructor({ forMs, ...limits }: GrantLimits, startedAt: number, parent?: GrantMeter) {
    const until = Math.min(limits.until ?? Infinity, forMs === undefined ? Infinity : startedAt + forMs, parent?.limits.until ?? Infinity);
    const least = (kind: (typeof kinds)[number]) => Math.min(limits[kind] ?? Infinity, parent?.left(kind) ?? Infinity);
    this.limits = {
      ...(until === Infinity ? {} : { until }),
      ...Object.fromEntries(kinds.map((kind) => [kind, least(kind)] as const).filter(([, value]) => value !== Infinity)),
    };
    this.#parent = parent;
  }

  /** `Infinity` where nothing limits it. */
  left(kind: (typeof kinds)[number]): number {
    return Math.min((this.limits[kind] ?? Infinity) - this.#used[kind], this.#parent?.left(kind) ?? Infinity);
  }

  /** Why it holds no more, as the end of a sentence; `undefined` while it does. */
  over(now: number): string | undefined {
    const { until } = this.limits;
    if (until !== undefined && now >= until) return `expired at ${new Date(until).toISOString()}`;
    const empty = kinds.find((kind) => this.left(kind) <= 0);
    return empty === undefined ? this.#parent?.over(now) : `has used up its ${words[empty]}`;
  }

  /** Counts what was used, also where it goes over: it has happened. True while everything is within the limits. */
  use(use: GrantUse): boolean {
    for (const kind of kinds) this.#used[kind] += use[kind] ?? 0;
    const above = this.#parent?.use(use) ?? true;
    return above && kinds.every((kind) => this.left(kind) >= 0);
  }
}
