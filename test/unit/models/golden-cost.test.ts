import { expect, test } from 'vitest';
import type { ModelUsage } from '../../../src/models/model-client.ts';
import { costOf, loadPriceTable } from '../../../src/models/prices.ts';
import { parseProvider, type Provider } from '../../../src/models/provider.ts';

const openai = parseProvider({ kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1' });
const anthropic = parseProvider({ kind: 'anthropic', name: 'anthropic' });
const google = parseProvider({ kind: 'google', name: 'google' });
const xai = parseProvider({ kind: 'openai-compatible', name: 'xai', baseUrl: 'https://api.x.ai/v1' });
const mistral = parseProvider({ kind: 'openai-compatible', name: 'mistral', baseUrl: 'https://api.mistral.ai/v1' });
const groq = parseProvider({ kind: 'openai-compatible', name: 'groq', baseUrl: 'https://api.groq.com/openai/v1' });
const openrouter = parseProvider({ kind: 'openai-compatible', name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1' });
const deepseek = parseProvider({ kind: 'openai-compatible', name: 'deepseek', baseUrl: 'https://api.deepseek.com' });

interface Golden {
  readonly case: string;
  readonly provider: Provider;
  readonly model: string;
  /** New input, input read from the cache, input written to it, output. */
  readonly tokens: readonly [number, number, number, number];
  /** Millionths of a US dollar. */
  readonly microUsd: number;
}

/** Worked out by hand from the price lists (dollars for a million tokens); the arithmetic stands above each row. */
const golden: readonly Golden[] = [
  // 86 × 1.25 + 17,817 × 0.125 + 250 × 10
  { case: '86 new and 17,817 cached tokens', provider: openai, model: 'gpt-5', tokens: [86, 17817, 0, 250], microUsd: 4834.625 },
  // 17,903 × 1.25 + 250 × 10
  { case: 'the same prompt, none of it cached', provider: openai, model: 'gpt-5', tokens: [17903, 0, 0, 250], microUsd: 24878.75 },
  // 1 × 1.25
  { case: 'a single token', provider: openai, model: 'gpt-5', tokens: [1, 0, 0, 0], microUsd: 1.25 },
  // 1 × 0.125
  { case: 'a single cached token', provider: openai, model: 'gpt-5', tokens: [0, 1, 0, 0], microUsd: 0.125 },
  // 1 × 10
  { case: 'a single token of output', provider: openai, model: 'gpt-5', tokens: [0, 0, 0, 1], microUsd: 10 },
  // 86 × 0.25 + 17,817 × 0.025 + 250 × 2
  { case: 'the same conversation on the small model', provider: openai, model: 'gpt-5-mini', tokens: [86, 17817, 0, 250], microUsd: 966.925 },
  // 1,000 × 2.5 + 100 × 10
  { case: 'nothing cached', provider: openai, model: 'gpt-4o', tokens: [1000, 0, 0, 100], microUsd: 3500 },
  // 120,000 × 0.15 + 4,096 × 0.6
  { case: 'a full context', provider: openai, model: 'gpt-4o-mini', tokens: [120000, 0, 0, 4096], microUsd: 20457.6 },
  // 333 × 0.15 + 333 × 0.075 + 333 × 0.6
  { case: 'thirds', provider: openai, model: 'gpt-4o-mini', tokens: [333, 333, 0, 333], microUsd: 274.725 },
  // 86 × 3 + 17,817 × 0.3 + 250 × 15
  { case: 'read from the cache', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [86, 17817, 0, 250], microUsd: 9353.1 },
  // 86 × 3 + 17,817 × 3.75 + 250 × 15
  { case: 'written to the cache: dearer than not caching', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [86, 0, 17817, 250], microUsd: 70821.75 },
  // 200,000 × 3 + 1,000 × 15
  { case: 'exactly at the limit of the first tier', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [200000, 0, 0, 1000], microUsd: 615000 },
  // 200,001 × 6 + 1,000 × 22.5
  { case: 'one token beyond it: the whole request is in the second tier', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [200001, 0, 0, 1000], microUsd: 1222506 },
  // 100,000 × 6 + 100,001 × 0.6 + 1,000 × 22.5
  { case: 'cached tokens count for the tier', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [100000, 100001, 0, 1000], microUsd: 682500.6 },
  // 100,000 × 6 + 50,000 × 0.6 + 50,001 × 7.5 + 1,000 × 22.5
  { case: 'written tokens count for the tier too', provider: anthropic, model: 'claude-sonnet-4-5', tokens: [100000, 50000, 50001, 1000], microUsd: 1027507.5 },
  // 1,000 × 5 + 2,000 × 0.5 + 3,000 × 6.25 + 400 × 25
  { case: 'new, read and written in one request', provider: anthropic, model: 'claude-opus-4-5', tokens: [1000, 2000, 3000, 400], microUsd: 34750 },
  // 200,000 × 1.25 + 1,000 × 10
  { case: 'at the limit of the first tier', provider: google, model: 'gemini-2.5-pro', tokens: [200000, 0, 0, 1000], microUsd: 260000 },
  // 200,001 × 2.5 + 1,000 × 15
  { case: 'one token beyond it', provider: google, model: 'gemini-2.5-pro', tokens: [200001, 0, 0, 1000], microUsd: 515002.5 },
  // 86 × 1.25 + 17,817 × 0.125 + 250 × 10
  { case: 'mostly cached', provider: google, model: 'gemini-2.5-pro', tokens: [86, 17817, 0, 250], microUsd: 4834.625 },
  // 86 × 0.3 + 17,817 × 0.03 + 250 × 2.5
  { case: 'mostly cached, on the quick model', provider: google, model: 'gemini-2.5-flash', tokens: [86, 17817, 0, 250], microUsd: 1185.31 },
  // 1,000,000 × 0.3 + 8,192 × 2.5
  { case: 'a million tokens in one tier', provider: google, model: 'gemini-2.5-flash', tokens: [1000000, 0, 0, 8192], microUsd: 320480 },
  // 1,000 × 3 + 500 × 0.75 + 100 × 15
  { case: 'a third cached', provider: xai, model: 'grok-4', tokens: [1000, 500, 0, 100], microUsd: 4875 },
  // 1,000 × 2 + 100 × 6
  { case: 'an alias', provider: mistral, model: 'mistral-large-latest', tokens: [1000, 0, 0, 100], microUsd: 2600 },
  // 
  { case: 'no token at all', provider: xai, model: 'grok-4', tokens: [0, 0, 0, 0], microUsd: 0 },
  // 4,096 × 0.8 + 8,192 × 0.08 + 1,024 × 1 + 512 × 4
  { case: 'the small model, all four kinds', provider: anthropic, model: 'claude-3-5-haiku-latest', tokens: [4096, 8192, 1024, 512], microUsd: 7004.16 },
  // 12,345 × 2 + 6,789 × 0.5 + 2,222 × 8
  { case: 'odd numbers', provider: openai, model: 'o3', tokens: [12345, 6789, 0, 2222], microUsd: 45860.5 },
  // 50,000 × 1.25 + 450,000 × 0.125 + 12,000 × 10
  { case: 'a long session, nine tenths cached', provider: openai, model: 'gpt-5.1', tokens: [50000, 450000, 0, 12000], microUsd: 238750 },
  // 8,000 × 30 + 192 × 60
  { case: 'an old and dear model', provider: openai, model: 'gpt-4', tokens: [8000, 0, 0, 192], microUsd: 251520 },
  // 7 × 0.1 + 7 × 0.025 + 7 × 0.4
  { case: 'fractions of a millionth of a dollar', provider: google, model: 'gemini-2.0-flash', tokens: [7, 7, 0, 7], microUsd: 3.675 },
  // 6,000 × 0.59 + 700 × 0.79
  { case: 'an open model at a host', provider: groq, model: 'llama-3.3-70b-versatile', tokens: [6000, 0, 0, 700], microUsd: 4093 },
  // 6,000 × 2.5 + 700 × 10
  { case: 'through a reseller with its own list', provider: openrouter, model: 'openai/gpt-4o', tokens: [6000, 0, 0, 700], microUsd: 22000 },
  // 199,999 × 3 + 1 × 3.75 + 10 × 15
  { case: 'through a reseller, at the limit of the tier', provider: openrouter, model: 'anthropic/claude-sonnet-4.5', tokens: [199999, 0, 1, 10], microUsd: 600150.75 },
  // 199,999 × 6 + 2 × 7.5 + 10 × 22.5
  { case: 'through a reseller, beyond it', provider: openrouter, model: 'anthropic/claude-sonnet-4.5', tokens: [199999, 0, 2, 10], microUsd: 1200234 },
];

const table = await loadPriceTable();
const usageOf = ([uncachedInput, cachedInput, cacheWrite, output]: Golden['tokens']): ModelUsage => ({ uncachedInput, cachedInput, cacheWrite, output, reasoning: 0, mark: 'measured' });

test.each(golden)('$model: $case', ({ provider, model, tokens, microUsd }) => {
  const cost = costOf(table, usageOf(tokens), model, provider);
  expect((cost?.usd ?? Number.NaN) * 1_000_000).toBeCloseTo(microUsd, 6);
  expect(cost?.mark).toBe('computed');
});

test.each([
  // 1,000 × 0.27 + 1,000 × 0.07 + 1,000 × 1.1
  ['by day', '2026-11-22T12:00:00Z', 1440],
  // Between 16:30 and 00:30 UTC at half price: 1,000 × 0.135 + 1,000 × 0.035 + 1,000 × 0.55
  ['at night', '2026-11-22T20:00:00Z', 720],
  ['in the last second of the day price', '2026-11-22T16:29:59Z', 1440],
])('a price list with hours is read at the hour of the request: %s', (_when, at, microUsd) => {
  const cost = table.cost('deepseek-chat', deepseek.baseUrl, usageOf([1000, 1000, 0, 1000]), new Date(at));
  expect((cost?.usd ?? Number.NaN) * 1_000_000).toBeCloseTo(microUsd, 6);
});

test('reasoning tokens are a part of the output and are not charged twice', () => {
  const usage = usageOf([1000, 0, 0, 2000]);
  expect(costOf(table, { ...usage, reasoning: 1500 }, 'gpt-5', openai)?.usd).toBe(costOf(table, usage, 'gpt-5', openai)?.usd);
});

test.each([
  ['a model that no list has', openai, 'gpt-99-imaginary'],
  ['a model of another provider', anthropic, 'no-such-claude'],
  ['an address that no list has', parseProvider({ kind: 'openai-compatible', name: 'corp', baseUrl: 'https://llm.corp.example/v1' }), 'gpt-5'],
])('%s is unpriced, which is not nothing', (_case, provider, model) => {
  expect(costOf(table, usageOf([1000, 0, 0, 1000]), model, provider)).toBeUndefined();
});
