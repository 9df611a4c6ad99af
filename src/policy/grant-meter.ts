import type { GrantLimits } from './grant-limits.ts';

/** What was used of a grant by one call or one transfer. */
export interface GrantUse {
  readonly calls?: number;
  readonly bytes?: number;
  readonly usd?: number;
  /** With whom the bytes were exchanged, as `host:port`. */
  readonly host?: string;
}

/** A limit of a grant that was reached. */
export interface UsedUp {
  readonly what: 'calls' | 'bytes' | 'usd' | 'hostBytes';
  readonly limit: number;
}

const kinds = ['calls', 'bytes', 'usd'] as const;
/** What each limit counts, in words. */
export const limitUnits: Readonly<Record<UsedUp['what'], string>> = { calls: 'calls', bytes: 'bytes', usd: 'US dollars', hostBytes: 'bytes' };
/** A page can make up names without end; whom nobody counts any more gets nothing. */
const maxHosts = 10_000;

/** Counts what a run uses of one limited grant. What a child run uses of it counts against its parent's too. */
export class GrantMeter {
  /** With `for` turned into the moment at which it is over, and never later or more than the parent's. */
  readonly limits: Omit<GrantLimits, 'forMs'>;
  readonly #parent: GrantMeter | undefined;
  readonly #used = { calls: 0, bytes: 0, usd: 0 };
  readonly #hosts = new Map<string, number>();

  constructor({ forMs, ...limits }: GrantLimits, startedAt: number, parent?: GrantMeter) {
    const until = Math.min(limits.until ?? Infinity, forMs === undefined ? Infinity : startedAt + forMs, parent?.limits.until ?? Infinity);
    const least = (kind: (typeof kinds)[number]) => Math.min(limits[kind] ?? Infinity, parent?.left(kind) ?? Infinity);
    const hostBytes = Math.min(limits.hostBytes ?? Infinity, parent?.limits.hostBytes ?? Infinity);
    this.limits = {
      ...(until === Infinity ? {} : { until }),
      ...Object.fromEntries(kinds.map((kind) => [kind, least(kind)] as const).filter(([, value]) => value !== Infinity)),
      ...(hostBytes === Infinity ? {} : { hostBytes }),
    };
    this.#parent = parent;
  }

  /** `Infinity` where nothing limits it. */
  left(kind: (typeof kinds)[number]): number {
    return Math.min((this.limits[kind] ?? Infinity) - this.#used[kind], this.#parent?.left(kind) ?? Infinity);
  }

  /** Why it holds no more, for this `host:port` where one is given, as the end of a sentence; `undefined` while it does. */
  over(now: number, host?: string): string | undefined {
    const { until } = this.limits;
    if (until !== undefined && now >= until) return `expired at ${new Date(until).toISOString()}`;
    const { what, limit } = this.#reached(host, 0) ?? {};
    if (what !== undefined && limit !== undefined) return `has used up its ${limit} ${limitUnits[what]}${what === 'hostBytes' ? ` for ${host}` : ''}`;
    return this.#parent?.over(now, host);
  }

  /** Counts what was used, also where it goes over: it has happened. Gives the limit that it went over. */
  use(use: GrantUse): UsedUp | undefined {
    for (const kind of kinds) this.#used[kind] += use[kind] ?? 0;
    const { host, bytes = 0 } = use;
    if (host !== undefined && this.limits.hostBytes !== undefined && (this.#hosts.has(host) || this.#hosts.size < maxHosts)) this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + bytes);
    const above = this.#parent?.use(use);
    return this.#reached(host, -1) ?? above;
  }

  /** The first limit of which not more than `rest` is left, or less than nothing. */
  #reached(host: string | undefined, rest: 0 | -1): UsedUp | undefined {
    const empty = (left: number) => (rest === 0 ? left <= 0 : left < 0);
    const what = kinds.find((kind) => empty((this.limits[kind] ?? Infinity) - this.#used[kind]));
    if (what !== undefined) return { what, limit: this.limits[what] ?? 0 };
    const { hostBytes } = this.limits;
    if (hostBytes === undefined || host === undefined) return undefined;
    const known = this.#hosts.get(host) ?? (this.#hosts.size < maxHosts ? 0 : Infinity);
    return empty(hostBytes - known) ? { what: 'hostBytes', limit: hostBytes } : undefined;
  }
}
