import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/shared/duration.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { BreakdownRow, MarkedCost } from '../../src/shared/usage-report.ts';
import { count } from '../format.ts';

export const metricNames = ['cost', 'saved', 'tokens', 'time', 'errors', 'cache'] as const;
export type MetricName = (typeof metricNames)[number];

/** One figure of a row, drawn and written. */
export interface Metric {
  readonly name: MetricName;
  readonly label: string;
  /** What is drawn; absent where there is no figure, which is not zero. */
  readonly value: (row: BreakdownRow) => number | undefined;
  /** A smaller value of the same kind inside it. */
  readonly inner?: (row: BreakdownRow) => number | undefined;
  readonly text: (row: BreakdownRow) => string;
  /** A drawn value by itself, for the scale. */
  readonly scale: (value: number) => string;
}

const usd = (nano: number) => formatUsd(nano / 1e9);
const percent = (share: number) => `${count(Math.round(share * 1000) / 10)} %`;

/** `$0.12 computed, $0.03 estimated`: sums of different marks stand beside each other. */
export function marked(costs: readonly MarkedCost[], format: (nano: number) => string = usd): string {
  return costs.map(({ mark, nanoUsd }) => `${format(nanoUsd)} ${mark}`).join(', ');
}

/** What a row cost, with what is not known of it. `exact` gives every digit, for columns that are added up. */
export function costText({ nanoUsd, costs, unpriced }: Pick<BreakdownRow, 'nanoUsd' | 'costs' | 'unpriced'>, exact = false): string {
  const format = exact ? exactUsd : usd;
  if (unpriced > 0 && nanoUsd === 0) return l10n.t('unpriced');
  const known = costs.length > 1 ? `${format(nanoUsd)} (${marked(costs, format)})` : costs[0] && nanoUsd > 0 && costs[0].mark !== 'computed' ? `${format(nanoUsd)} ${costs[0].mark}` : format(nanoUsd);
  return unpriced > 0 ? l10n.t('{0} and {1} unpriced', known, count(unpriced)) : known;
}

export function cacheShare({ inputTokens, cachedTokens }: Pick<BreakdownRow, 'inputTokens' | 'cachedTokens'>): number | undefined {
  return inputTokens === 0 ? undefined : cachedTokens / inputTokens;
}

export const shareText = (share: number | undefined): string => (share === undefined ? '' : percent(share));
export const timeText = (ms: number | undefined): string => (ms === undefined ? '' : formatDuration(ms));

export function metrics(): Readonly<Record<MetricName, Metric>> {
  return {
    cost: { name: 'cost', label: l10n.t('Cost'), value: ({ nanoUsd, unpriced }) => (unpriced > 0 && nanoUsd === 0 ? undefined : nanoUsd), text: (row) => costText(row), scale: usd },
    saved: { name: 'saved', label: l10n.t('Saved at list price'), value: ({ savedNanoUsd }) => savedNanoUsd, text: ({ savedNanoUsd }) => (savedNanoUsd === undefined ? l10n.t('not known') : usd(savedNanoUsd)), scale: usd },
    tokens: {
      name: 'tokens', label: l10n.t('Tokens'), value: ({ inputTokens, outputTokens }) => inputTokens + outputTokens, inner: ({ outputTokens }) => outputTokens,
      text: ({ inputTokens, outputTokens }) => l10n.t('{0} read, {1} written', count(inputTokens), count(outputTokens)), scale: (value) => count(Math.round(value)),
    },
    time: {
      name: 'time', label: l10n.t('Time, p50 and p95'), value: ({ latency }) => latency.p95, inner: ({ latency }) => latency.p50,
      text: ({ latency }) => (latency.p50 === undefined ? l10n.t('not measured') : l10n.t('{0} at p50, {1} at p95', timeText(latency.p50), timeText(latency.p95))), scale: formatDuration,
    },
    errors: { name: 'errors', label: l10n.t('Errors'), value: ({ errors }) => errors, text: ({ errors, count: of }) => l10n.t('{0} of {1}', count(errors), count(of)), scale: (value) => count(Math.round(value)) },
    cache: { name: 'cache', label: l10n.t('Cache hits'), value: cacheShare, text: (row) => shareText(cacheShare(row)) || l10n.t('no tokens read'), scale: percent },
  };
}
