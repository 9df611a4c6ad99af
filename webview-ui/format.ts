import * as l10n from '@vscode/l10n';
import type { RunSummary } from '../src/shared/dto.ts';
import type { Mark } from '../src/shared/events.ts';
import { formatUsd } from '../src/shared/money.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** `0.4 ms`, `12 ms`, `2.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 10 && ms > 0) return l10n.t('{0} ms', ms < 0.05 ? '< 0.1' : ms.toFixed(1).replace(/\.0$/, ''));
  if (ms < 999.5) return l10n.t('{0} ms', Math.round(ms));
  if (ms < 59_950) return l10n.t('{0} s', (ms / second).toFixed(1));
  if (ms < hour) return l10n.t('{0} min {1} s', Math.floor(ms / minute), String(Math.floor((ms % minute) / second)).padStart(2, '0'));
  return l10n.t('{0} h {1} min', Math.floor(ms / hour), Math.floor((ms % hour) / minute));
}

export function bytes(count: number): string {
  if (count < 1024) return l10n.t('{0} B', count);
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(count) / 10));
  const amount = count / 1024 ** power;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[power - 1]}`;
}

export function count(value: number): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: 2 });
}

/** A metered amount in the unit that reads best. */
export function amount(value: number, unit: string): string {
  switch (unit) {
    case 'ms':
      return duration(value);
    case 'bytes':
      return bytes(value);
    case 'USD':
      return formatUsd(value);
    default:
      return `${count(value)} ${unit}`;
  }
}

export function cost(usd: number, mark: Mark): string {
  switch (mark) {
    case 'unknown':
      return l10n.t('unpriced');
    case 'estimated':
      return l10n.t('about {0}', formatUsd(usd));
    case 'measured':
    case 'billed':
    case 'computed':
      return formatUsd(usd);
  }
}

export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString();
}

export function dateTime(at: number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Time that a run has taken so far; none where it has not begun. */
export function runDuration(run: Pick<RunSummary, 'startedAt' | 'endedAt' | 'durationMs'>, now: number): number | undefined {
  if (run.durationMs !== undefined) return run.durationMs;
  return run.startedAt === undefined ? undefined : Math.max(0, (run.endedAt ?? now) - run.startedAt);
}
