import * as l10n from '@vscode/l10n';
import type { RunSummary } from '../src/shared/dto.ts';
import type { Mark } from '../src/shared/events.ts';
import { formatDuration } from '../src/shared/duration.ts';
import { formatGbSeconds } from '../src/shared/meters.ts';
import { formatUsd } from '../src/shared/money.ts';

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
      return formatDuration(value);
    case 'bytes':
      return bytes(value);
    case 'USD':
      return formatUsd(value);
    case 'GB-s':
      return formatGbSeconds(value);
    default:
      return `${count(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
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
