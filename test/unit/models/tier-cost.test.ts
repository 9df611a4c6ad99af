import { describe, expect, it, test } from 'vitest';
import type { ModelUsage } from '../../../src/models/model-client.ts';
import { costOf, loadPriceTable } from '../../../src/models/prices.ts';
import { parseProvider, type Provider, type ProviderConfig } from '../../../src/models/provider.ts';
import { tierPrices } from '../../../src/models/tier-prices.ts';
import { addUsage } from '../../../src/models/usage.ts';

const openai = parseProvider({ kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1' });
const anthropic = parseProvider({ kind: 'anthropic', name: 'anthropic' });
const google = parseProvider({ kind: 'google', name: 'google' });
const openrouter = parseProvider({ kind: 'openai-compatible', name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1' });

const table = await loadPriceTable();
const now = new Date('2026-11-20T12:00:00Z');
const usageOf = ([uncachedInput, cachedInput, cacheWrite, output]: readonly [number, number, number, number], more: Partial<ModelUsage> = {}): ModelUsage => ({ uncachedInput, cachedInput, cacheWrite, output, reasoning: 0, mark: 'measured', ...more });

/** Worked out by hand from the price lists of the tiers (dollars for a million tokens); the arithmetic stands above each row. Tokens are new, cached, written, output. */
const golden: readonly (readonly [name: string, Provider, model: string, tier: string, tokens: readonly [number, number, number, number], microUsd: number, mark?: 'estimated'])[] = [
  // 86 × 0.625 + 17,817 × 0.0625 + 250 × 5
  ['86 new and 17,817 cached tokens', openai, 'gpt-5', 'flex', [86, 17817, 0, 250], 2417.3125],
  // 86 × 2.5 + 17,817 × 0.25 + 250 × 20
  ['the same at once', openai, 'gpt-5', 'priority', [86, 17817, 0, 250], 9669.25],
  // 86 × 0.625 + 17,817 × 0.0625 + 250 × 5
  ['the same over night', openai, 'gpt-5', 'batch', [86, 17817, 0, 250], 2417.3125],
  // 1,000 × 0.125 + 1,000 × 0.0125 + 1,000 × 1
  ['the small model', openai, 'gpt-5-mini', 'flex', [1000, 1000, 0, 1000], 1137.5],
  // 1,000 × 0.45 + 1,000 × 0.045 + 1,000 × 3.6
  ['the small model at once', openai, 'gpt-5-mini', 'priority', [1000, 1000, 0, 1000], 4095],
  // 1,000 × 0.025 + 1,000 × 0.0025 + 1,000 × 0.2
  ['the smallest', openai, 'gpt-5-nano', 'flex', [1000, 1000, 0, 1000], 227.5],
  // 1,000 × 1 + 1,000 × 0.25 + 1,000 × 4
  ['a model that thinks', openai, 'o3', 'flex', [1000, 1000, 0, 1000], 5250],
  // 1,000 × 1 + 1,000 × 1 + 1,000 × 4: no discount for cached input in batches
  ['a batch without a price for cached input', openai, 'o3', 'batch', [1000, 1000, 0, 1000], 6000],
  // 1,000 × 1 + 500 × 1 + 100 × 4
  ['another one', openai, 'gpt-4.1', 'batch', [1000, 500, 0, 100], 1900],
  // 1,000 × 3.5 + 500 × 0.875 + 100 × 14
  ['priority', openai, 'gpt-4.1', 'priority', [1000, 500, 0, 100], 5337.5],
  // 1,000 × 0.7 + 500 × 0.175 + 100 × 2.8
  ['priority, mini', openai, 'gpt-4.1-mini', 'priority', [1000, 500, 0, 100], 1067.5],
  // 1,000 × 0.2 + 500 × 0.05 + 100 × 0.8
  ['priority, nano', openai, 'gpt-4.1-nano', 'priority', [1000, 500, 0, 100], 305],
  // 1,000 × 4.25 + 500 × 2.125 + 100 × 17
  ['priority, an older model', openai, 'gpt-4o', 'priority', [1000, 500, 0, 100], 7012.5],
  // 1,000 × 0.25 + 500 × 0.125 + 100 × 1
  ['priority, its small one', openai, 'gpt-4o-mini', 'priority', [1000, 500, 0, 100], 412.5],
  // 1,000 × 2 + 500 × 0.5 + 100 × 8
  ['priority, o4-mini', openai, 'o4-mini', 'priority', [1000, 500, 0, 100], 3050],
  // 1,000 × 1.25 + 100 × 5
  ['a name with a day', openai, 'gpt-4o-2024-08-06', 'batch', [1000, 0, 0, 100], 1750],
  // 86 × 1.5 + 17,817 × 0.15 + 250 × 7.5
  ['read from the cache', anthropic, 'claude-sonnet-4-5', 'batch', [86, 17817, 0, 250], 4676.55],
  // 86 × 1.5 + 17,817 × 1.875 + 250 × 7.5
  ['written to the cache', anthropic, 'claude-sonnet-4-5', 'batch', [86, 0, 17817, 250], 35410.875],
  // 200,001 × 3 + 1,000 × 11.25
  ['beyond the first step of the list', anthropic, 'claude-sonnet-4-5', 'batch', [200001, 0, 0, 1000], 611253],
  // 1,000 × 2.5 + 2,000 × 0.25 + 3,000 × 3.125 + 400 × 12.5
  ['all four kinds', anthropic, 'claude-opus-4-5', 'batch', [1000, 2000, 3000, 400], 17375],
  // 1,000 × 0.625 + 100 × 5
  ['nothing cached', google, 'gemini-2.5-pro', 'flex', [1000, 0, 0, 100], 1125],
  // 200,001 × 1.25 + 1,000 × 7.5
  ['nothing cached, beyond the first step', google, 'gemini-2.5-pro', 'batch', [200001, 0, 0, 1000], 257501.25],
  // 86 × 0.625 + 17,817 × 0.125 (list) + 250 × 5
  ['cached, of which the source does not say that it is cheaper', google, 'gemini-2.5-pro', 'flex', [86, 17817, 0, 250], 3530.875, 'estimated'],
  // 100,000 × 1.25 + 150,000 × 0.25 (list, second step) + 1,000 × 7.5
  ['the same beyond the first step', google, 'gemini-2.5-pro', 'batch', [100000, 150000, 0, 1000], 170000, 'estimated'],
  // 1,000 × 0.15 + 100 × 1.25
  ['the quick model', google, 'gemini-2.5-flash', 'flex', [1000, 0, 0, 100], 275],
  // 1,000 × 1.25 + 1,000 × 10
  ['a tier that is the standard', openai, 'gpt-5', 'standard', [1000, 0, 0, 1000], 11250],
];

for (const [name, provider, model, tier, tokens, microUsd, mark = 'computed'] of golden) {
  test(`${model}, ${tier}: ${name}`, () => {
    const cost = costOf(table, usageOf(tokens, { tier }), model, provider, {}, now);
    expect((cost?.usd ?? Number.NaN) * 1_000_000).toBeCloseTo(microUsd, 6);
    expect(cost?.mark).toBe(mark);
    if (tier !== 'standard') expect(cost?.source).toContain(`; ${tier} tier at `);
  });
}

describe('a service tier', () => {
  it.each([
    ['capacity that is bought apart', anthropic, 'claude-sonnet-4-5', 'priority'],
    ['a tier that OpenAI does not sell by the token', openai, 'gpt-5', 'scale'],
    ['a model that the list of the tier does not have', openai, 'gpt-5.4', 'priority'],
    ['a tier of which only a range is published', google, 'gemini-2.5-pro', 'priority'],
    ['a reseller', openrouter, 'openai/gpt-4o', 'flex'],
    ['a tier that nobody knows', openai, 'gpt-5', 'turbo'],
  ])('is unpriced and not the list price: %s', (_case, provider, model, tier) => {
    expect(costOf(table, usageOf([1000, 0, 0, 100]), model, provider)).toBeDefined();
    expect(costOf(table, usageOf([1000, 0, 0, 100], { tier }), model, provider)).toBeUndefined();
  });

  it('has the price that the person gives it, and none where they give none', () => {
    const prices = { 'openai/gpt-5': { input: 1, output: 8, tiers: { flex: { input: 0.4, cachedInput: 0.1, output: 3 } }, asOf: '2026-11-01', source: 'contract 7' } };
    const flex = costOf(table, usageOf([1000, 500, 0, 100], { tier: 'flex' }), 'gpt-5', openai, prices, now);
    // 1,000 × 0.4 + 500 × 0.1 + 100 × 3
    expect((flex?.usd ?? Number.NaN) * 1e6).toBeCloseTo(750, 6);
    expect(flex).toMatchObject({ mark: 'computed', source: 'price from the settings for the flex tier, contract 7 of 2026-11-01' });
    expect(costOf(table, usageOf([1000, 0, 0, 0], { tier: 'priority' }), 'gpt-5', openai, prices, now)).toBeUndefined();
    expect(costOf(table, usageOf([1000, 0, 0, 0], { tier: 'standard' }), 'gpt-5', openai, prices, now)?.source).toBe('price from the settings, contract 7 of 2026-11-01');
  });

  it('that was asked for and is not confirmed makes an estimate', () => {
    const flex = parseProvider({ kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1', serviceTier: 'flex' });
    const unsaid = costOf(table, usageOf([1000, 0, 0, 100]), 'gpt-5', flex, {}, now);
    expect((unsaid?.usd ?? Number.NaN) * 1e6).toBeCloseTo(1125, 6);
    expect(unsaid).toMatchObject({ mark: 'estimated', source: expect.stringContaining('does not say its tier') });
    // It was served as usual after all: the list price, and sure.
    expect(costOf(table, usageOf([1000, 0, 0, 100], { tier: 'standard' }), 'gpt-5', flex, {}, now)).toMatchObject({ mark: 'computed', usd: expect.closeTo(0.00225, 9) });
  });

  it('costs nothing on this machine', () => {
    const local = parseProvider({ kind: 'openai-compatible', name: 'local', baseUrl: 'http://127.0.0.1:1234/v1' });
    expect(costOf(table, usageOf([1000, 0, 0, 100], { tier: 'turbo' }), 'x', local)).toMatchObject({ usd: 0, mark: 'measured' });
  });

  it('is told with the source of its price, its date, and a warning where that is old', () => {
    expect(costOf(table, usageOf([1, 0, 0, 1], { tier: 'batch' }), 'claude-sonnet-4-5', anthropic, {}, now)?.source).toMatch(/batch tier at 0\.5 of it, platform\.claude\.com\/docs, batch processing of 2026-11-02$/);
    expect(costOf(table, usageOf([1, 0, 0, 1], { tier: 'flex' }), 'gpt-5', openai, {}, now)?.source).toMatch(/of 2025-11-13, last confirmed more than 60 days ago$/);
    for (const { asOf, source } of tierPrices) expect([Number.isNaN(Date.parse(asOf)), source.length > 0]).toEqual([false, true]);
  });

  it('of two answers that differ has no price together', () => {
    const a = usageOf([1000, 0, 0, 1], { tier: 'flex' });
    expect(addUsage(a, a)).toMatchObject({ uncachedInput: 2000, tier: 'flex' });
    expect(costOf(table, addUsage(a, usageOf([1, 0, 0, 1], { tier: 'standard' })), 'gpt-5', openai)).toBeUndefined();
  });

  it.each<[Partial<ProviderConfig> & Pick<ProviderConfig, 'kind'>]>([[{ kind: 'ollama', serviceTier: 'flex' }], [{ kind: 'anthropic', serviceTier: 'flex' }]])('is refused where the provider has none such: %o', (config) => {
    expect(() => parseProvider({ name: 'x', ...config })).toThrow(expect.objectContaining({ code: 'invalid-config', data: { field: 'serviceTier' } }));
  });
});

describe('what a provider says that it has charged', () => {
  it('is the cost, and billed', () => {
    expect(costOf(table, usageOf([1000, 0, 0, 100], { billedUsd: 0.0042 }), 'openai/gpt-4o', openrouter)).toEqual({ usd: 0.0042, mark: 'billed', source: 'charged, as openrouter.ai reports' });
  });

  it('is not believed of servers of which nobody knows what they mean by it', () => {
    expect(costOf(table, usageOf([1000, 0, 0, 100], { billedUsd: 7 }), 'gpt-5', openai)).toMatchObject({ mark: 'computed', usd: expect.closeTo(0.00225, 9) });
  });
});
