import { AssassinError } from '../shared/errors.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `30s`, `1.5h`: milliseconds. */
export function parsePeriod(flag: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim()) ?? [];
  const ms = unitMs[unit];
  if (ms === undefined) throw new AssassinError('invalid-input', `"${text}" is no length of time for ${flag}.`, { hint: `Write for example ${flag} 30s, with ms, s, m, h, d or w.` });
  return Number(amount) * ms;
}

/** A date, a date with time (both in the local time zone unless it names another), or how long ago; milliseconds since 1970. */
export function parsePointInTime(flag: string, text: string, now: number = Date.now()): number {
  if (/^\d+(\.\d+)?(ms|s|m|h|d|w)$/.test(text.trim())) return now - parsePeriod(flag, text);
  // A date alone is read as the beginning of that day in UTC by the platform; who writes it means their own day.
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00`) : /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new AssassinError('invalid-input', `"${text}" is no time for ${flag}.`, { hint: `Write ${flag} 2026-11-01, ${flag} 2026-11-01T09:30, or how long ago: ${flag} 7d.` });
  return at;
}

/** US dollars. */
export function parseMoney(flag: string, text: string): number {
  const usd = text.trim() === '' ? Number.NaN : Number(text.replace(/^\$/, ''));
  if (Number.isFinite(usd) && usd >= 0) return usd;
  throw new AssassinError('invalid-input', `"${text}" is no amount of money for ${flag}.`, { hint: `Write US dollars: ${flag} 0.25.` });
}
