import type { ModelUse } from '../shared/conversation.ts';
import type { Mark } from '../shared/events.ts';

export const unused: ModelUse = { inputTokens: 0, outputTokens: 0, tokensMark: 'measured' };

/** A sum is as sure as its least sure part. */
export function leastSure(a: Mark | undefined, b: Mark): Mark {
  if (a === 'unknown' || b === 'unknown') return 'unknown';
  return a === 'estimated' || b === 'estimated' ? 'estimated' : b;
}

/** Without a model nothing was paid, and that is known; tokens without a price are not free. */
export function costOf({ inputTokens, outputTokens, costUsd, costMark = 'computed' }: ModelUse): { readonly usd: number; readonly mark: Mark } {
  if (costUsd !== undefined) return { usd: costUsd, mark: costMark };
  return { usd: 0, mark: inputTokens + outputTokens > 0 ? 'unknown' : 'measured' };
}

/** What several runs or turns used together. Tokens without a price make the price of the sum unknown. */
export function sumUse(uses: readonly ModelUse[]): ModelUse {
  return uses.reduce((sum, use) => {
    const priced = [sum, use].filter(({ costUsd }) => costUsd !== undefined);
    const unpriced = [sum, use].some((each) => each.costUsd === undefined && each.inputTokens + each.outputTokens > 0);
    const marks = priced.map(({ costMark = 'computed' }) => costMark);
    return {
      inputTokens: sum.inputTokens + use.inputTokens, outputTokens: sum.outputTokens + use.outputTokens, tokensMark: leastSure(sum.tokensMark, use.tokensMark),
      ...(priced.length === 0 ? {} : { costUsd: priced.reduce((usd, each) => usd + (each.costUsd ?? 0), 0), costMark: unpriced ? 'unknown' : marks.reduce(leastSure) }),
    };
  }, unused);
}
