import type { ModelUsage } from './model-client.ts';

/**
 * What a service tier costs beside the list price of the same request. The maintained table has list prices only, so these stand here, each with source and
 * the newest date that confirms it. A tier of a model without a row is unpriced: the list price would be a wrong figure that looks right.
 */
export interface TierPrice {
  /** Host of the provider's public address. */
  readonly host: string;
  readonly tier: string;
  /** Ids of models; all of the provider's where absent. */
  readonly models?: RegExp;
  /** Input, cache writes and output, as a multiple of the list price. */
  readonly factor: number;
  /**
   * How cached input is charged: with the same discount, without any as other input, or `list` where the source does not say whether the
   * discount holds for it. It is charged at its list price then, and the cost is an estimate.
   */
  readonly cachedInput: 'same' | 'as-input' | 'list';
  readonly source: string;
  readonly asOf: string;
}

const openai = { host: 'api.openai.com', source: 'openai.com/api/pricing', asOf: '2025-11-13' } as const;
const anthropic = { host: 'api.anthropic.com', source: 'platform.claude.com/docs, batch processing', asOf: '2026-11-02' } as const;
/** As the comments of the maintained table have it, which give no figure for most models' priority tier. */
const google = { host: 'generativelanguage.googleapis.com', source: 'ai.google.dev/gemini-api/docs/pricing', asOf: '2026-09-23' } as const;

/** Names of models may end with the day on which they came. */
const named = (...names: readonly string[]) => new RegExp(`^(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})(?:-\\d{4}-\\d{2}-\\d{2})?$`);

export const tierPrices: readonly TierPrice[] = [
  { ...openai, tier: 'flex', models: named('gpt-5.1', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o3', 'o4-mini'), factor: 0.5, cachedInput: 'same' },
  { ...openai, tier: 'batch', models: named('gpt-5.1', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano'), factor: 0.5, cachedInput: 'same' },
  // The source has a dash for the cached input of these.
  { ...openai, tier: 'batch', models: named('gpt-5-pro', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-4o', 'gpt-4o-mini', 'o1', 'o1-pro', 'o3', 'o3-pro', 'o3-mini', 'o4-mini'), factor: 0.5, cachedInput: 'as-input' },
  { ...openai, tier: 'priority', models: named('gpt-5.1', 'gpt-5', 'gpt-5.1-codex', 'gpt-5-codex', 'gpt-4.1-nano'), factor: 2, cachedInput: 'same' },
  { ...openai, tier: 'priority', models: named('gpt-5-mini'), factor: 1.8, cachedInput: 'same' },
  { ...openai, tier: 'priority', models: named('gpt-4.1', 'gpt-4.1-mini', 'o3'), factor: 1.75, cachedInput: 'same' },
  // $4.25 for $2.50, $0.25 for $0.15 and $2.00 for $1.10.
  { ...openai, tier: 'priority', models: named('gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'), factor: 1.7, cachedInput: 'same' },
  { ...openai, tier: 'priority', models: named('gpt-4o-mini'), factor: 5 / 3, cachedInput: 'same' },
  { ...openai, tier: 'priority', models: named('o4-mini'), factor: 20 / 11, cachedInput: 'same' },
  // Half of everything, cache reads and writes too. What priority costs there is agreed on with each customer.
  { ...anthropic, tier: 'batch', factor: 0.5, cachedInput: 'same' },
  { ...google, tier: 'flex', factor: 0.5, cachedInput: 'list' },
  { ...google, tier: 'batch', factor: 0.5, cachedInput: 'list' },
  { ...google, tier: 'priority', models: /^gemini-3\.[78]-flash(?:-preview.*)?$/, factor: 1.8, cachedInput: 'list' },
];

export function tierPriceOf(host: string, tier: string, model: string): TierPrice | undefined {
  return tierPrices.find((row) => row.host === host && row.tier === tier && (row.models?.test(model) ?? true));
}

export type TokenParts = Pick<ModelUsage, 'cachedInput' | 'cacheWrite' | 'output'>;

export function wholeInput({ uncachedInput, cachedInput, cacheWrite }: ModelUsage): number {
  return uncachedInput + cachedInput + cacheWrite;
}

/** US dollars of a request in a tier. `listUsd` is its list price, `listOf` that of a request with as much input of which other parts are cached. */
export function usdInTier({ factor, cachedInput }: TierPrice, usage: ModelUsage, listUsd: number, listOf: (parts: TokenParts) => number): number {
  const { cachedInput: cached, cacheWrite, output } = usage;
  if (cached === 0 || cachedInput === 'same') return listUsd * factor;
  if (cachedInput === 'as-input') return listOf({ cachedInput: 0, cacheWrite, output }) * factor;
  // The list may have steps by the length of the whole input: all of it as cached is on the same step.
  const input = wholeInput(usage);
  const cachedUsd = (listOf({ cachedInput: input, cacheWrite: 0, output: 0 }) * cached) / input;
  return (listUsd - cachedUsd) * factor + cachedUsd;
}
