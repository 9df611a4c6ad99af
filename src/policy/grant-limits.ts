import { ownEntry } from '../shared/own-entry.ts';
import type { CapabilityKind } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';

/** What a grant is limited to beside its pattern. */
export interface GrantLimits {
  /** Milliseconds since 1970 from which on it holds no more. */
  readonly until?: number;
  /** Milliseconds from the start of the run. */
  readonly forMs?: number;
  readonly calls?: number;
  readonly bytes?: number;
  /** For each host and port that a pattern of hosts reaches. */
  readonly hostBytes?: number;
  readonly usd?: number;
}

const hint = 'Write for example {for 30m}, {until 2027-01-31}, {calls 20, bytes 5MB}, {bytes 1MB/host} or {usd 0.50}.';
const timeUnits: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const byteUnits: Readonly<Record<string, number>> = { B: 1, kB: 1000, KB: 1000, KiB: 1024, MB: 1_000_000, MiB: 1_048_576, GB: 1_000_000_000, GiB: 1_073_741_824 };
/** Where the product counts what passes. A limit that nobody counts would be a promise that nobody keeps. */
const counted: Readonly<Record<'bytes' | 'usd', ReadonlySet<CapabilityKind>>> = { bytes: new Set(['net', 'fs.read', 'fs.write', 'mcp']), usd: new Set(['model']) };

/** Parts the limits from a grant: `net https://a.example {for 1h}`. Braces that belong to a word, as in `src/{id}.ts`, are no limits. */
export function splitLimits(text: string): { readonly body: string; readonly written?: string } {
  const parts = /^(.*?)\s+\{([^{}]*)\}$/s.exec(text);
  return parts === null ? { body: text } : { body: parts[1]!, written: parts[2]! };
}

/** Throws `invalid-grant` that names the part. */
export function parseLimits(written: string, kind: CapabilityKind, text: string): GrantLimits {
  const limits: { -readonly [Key in keyof GrantLimits]: GrantLimits[Key] } = {};
  for (const part of written.split(',')) {
    const [, word = '', value = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(part) ?? [];
    const wrong = (what: string) => invalidGrant(`"${text}" has a wrong limit "${part.trim()}": ${what}.`, hint);
    const perHost = word === 'bytes' && value.endsWith('/host');
    const key = word === 'for' ? 'forMs' : perHost ? 'hostBytes' : word;
    if (key !== 'until' && key !== 'forMs' && key !== 'calls' && key !== 'bytes' && key !== 'hostBytes' && key !== 'usd') throw wrong('a limit is until, for, calls, bytes or usd');
    if (limits[key] !== undefined) throw wrong(`"${word}" is there twice`);
    if ((key === 'bytes' || key === 'usd') && !counted[key].has(kind)) throw wrong(`${key} are counted for ${[...counted[key]].join(', ')} only, not for ${kind}`);
    if (perHost && kind !== 'net') throw wrong(`bytes of each host are counted for net only, not for ${kind}`);
    const parsed = parsers[key](perHost ? value.slice(0, -'/host'.length) : value);
    if (typeof parsed === 'string') throw wrong(parsed);
    limits[key] = parsed;
  }
  return limits;
}

const parsers: Readonly<Record<keyof GrantLimits, (value: string) => number | string>> = {
  until: parseTime,
  forMs: (value) => unit(value, timeUnits) ?? 'it needs a number and s, m, h or d, as in 30m',
  calls: (value) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : 'it needs a whole number of at least 1'),
  bytes: (value) => unit(value, byteUnits) ?? 'it needs a number and B, kB, MB or GB (or KiB, MiB, GiB), as in 5MB',
  hostBytes: (value) => unit(value, byteUnits) ?? 'it needs a number and B, kB, MB or GB (or KiB, MiB, GiB), as in 5MB/host',
  usd: (value) => (/^\d{1,6}(\.\d{1,6})?$/.test(value) && Number(value) > 0 ? Number(value) : 'it needs an amount of US dollars above 0, as in 0.50'),
};

function unit(value: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount = '', name = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([A-Za-z]+)$/.exec(value) ?? [];
  const factor = ownEntry(units, name);
  return factor === undefined || Number(amount) === 0 ? undefined : Math.round(Number(amount) * factor);
}

/** A day ends with its last moment in UTC. A time needs its zone: the same text must mean the same moment on every machine. */
function parseTime(value: string): number | string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})))?$/.exec(value) ?? [];
  const midnight = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  const at = time === undefined ? midnight + 86_400_000 : Date.parse(value);
  // Some days, such as the 30th of February, are read as others.
  if (Number.isNaN(at) || new Date(midnight).toISOString().slice(0, 10) !== day) return 'it needs a day, as in 2027-01-31, or a time with its zone, as in 2027-01-31T18:00Z';
  return at;
}

/** As one writes them, in one order; empty where there are none. */
export function describeLimits({ until, forMs, calls, bytes, hostBytes, usd }: GrantLimits): string {
  const parts = [
    ...(until === undefined ? [] : [`until ${new Date(until).toISOString().replace(/(:00)?\.000Z$/, 'Z').replace(/\.\d+Z$/, 'Z')}`]),
    ...(forMs === undefined ? [] : [`for ${forMs / 1000}s`]),
    ...(calls === undefined ? [] : [`calls ${calls}`]),
    ...(bytes === undefined ? [] : [`bytes ${bytes}B`]),
    ...(hostBytes === undefined ? [] : [`bytes ${hostBytes}B/host`]),
    ...(usd === undefined ? [] : [`usd ${Number(usd.toFixed(6))}`]),
  ];
  return parts.length === 0 ? '' : `{${parts.join(', ')}}`;
}
