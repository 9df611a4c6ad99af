import type { RunSummary } from '../shared/dto.ts';
import { formatUsd } from '../shared/money.ts';

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
