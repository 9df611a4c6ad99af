import type { RunSummary } from '../shared/dto.ts';
import { formatUsd } from '../shared/money.ts';

/** `12 ms`, `2.3 s`, `4 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** What a run really cost; an amount that nobody could price is not shown as nothing. */
export function formatCost({ costUsd, costMark }: Pick<RunSummary, 'costUsd' | 'costMark'>): string {
  switch (costMark) {
    case 'unknown':
      return 'unpriced';
    case 'estimated':
      return `about ${formatUsd(costUsd)}`;
    case 'measured':
    case 'billed':
    case 'computed':
      return formatUsd(costUsd);
  }
}
