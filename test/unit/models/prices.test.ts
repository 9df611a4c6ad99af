import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelUsage } from '../../../src/models/model-client.ts';
import { costOf, loadPriceTable, priceTableDate, priceTableName } from '../../../src/models/prices.ts';
import { parseProvider } from '../../../src/models/provider.ts';

const usage: ModelUsage = { uncachedInput: 700_000, cachedInput: 200_000, cacheWrite: 100_000, output: 10_000, reasoning: 0, mark: 'measured' };
const table = await loadPriceTable();
const openai = parseProvider({ kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1' });

describe('the cost of a request', () => {
  it('is computed from the list price, cached input at its own', () => {
    const cost = costOf(table, usage, 'gpt-4o', openai, {}, new Date('2026-10-01'));
    // 0.8 million at 2.50, 0.2 million cached at 1.25, 0.01 million of output at 10 dollars.
    expect(cost?.usd).toBeCloseTo(0.8 * 2.5 + 0.2 * 1.25 + 0.01 * 10, 9);
    expect(cost).toMatchObject({ mark: 'computed', source: `list price of OpenAI for gpt-4o, ${priceTableName} of ${priceTableDate}` });
  });

  it('is known for Anthropic, Google and OpenRouter by their public addresses', () => {
    const providers = [
      [parseProvider({ kind: 'anthropic', name: 'a' }), 'claude-sonnet-4-5'],
      [parseProvider({ kind: 'google', name: 'g' }), 'gemini-2.5-pro'],
      [parseProvider({ kind: 'openai-compatible', name: 'r', baseUrl: 'https://openrouter.ai/api/v1' }), 'openai/gpt-4o'],
    ] as const;
    for (const [provider, model] of providers) expect(costOf(table, usage, model, provider)?.usd, model).toBeGreaterThan(0);
  });

  it('is estimated where the tokens are', () => {
    expect(costOf(table, { ...usage, mark: 'estimated' }, 'gpt-4o', openai)?.mark).toBe('estimated');
  });

  it('is unknown, not nothing, for a model or an address that the list does not have', () => {
    expect(costOf(table, usage, 'no-such-model-7', openai)).toBeUndefined();
    expect(costOf(table, usage, 'gpt-4o', parseProvider({ kind: 'openai-compatible', name: 'gateway', baseUrl: 'https://models.example.com/v1' }))).toBeUndefined();
    expect(costOf(table, usage, 'gpt-4o', parseProvider({ kind: 'openai-compatible', name: 'lan', baseUrl: 'http://192.168.1.5:8000/v1' }))).toBeUndefined();
  });

  it.each(['http://localhost:1234/v1', 'http://127.0.0.1:8080/v1', 'http://[::1]:8080/v1'])('is nothing for a model on this machine (%s), and says why', (baseUrl) => {
    const cost = costOf(table, usage, 'gpt-4o', parseProvider({ kind: 'openai-compatible', name: 'local', baseUrl }));
    expect(cost).toMatchObject({ usd: 0, mark: 'measured', source: expect.stringContaining('runs on this machine') });
  });

  it('is what a person has set before anything else', () => {
    const cost = costOf(table, usage, 'gpt-4o', openai, { 'openai/gpt-4o': { input: 1, cachedInput: 0.5, output: 2 } });
    expect(cost?.usd).toBeCloseTo(0.7 + 0.1 + 0.1 + 0.02, 9);
    expect(cost).toMatchObject({ mark: 'computed', source: 'price from the settings' });
  });

  it('takes no cached tokens for new ones and no thoughts for answers where a person has prices for each', () => {
    const cost = costOf(table, { uncachedInput: 86, cachedInput: 17_817, cacheWrite: 100, output: 250, reasoning: 200, mark: 'measured' }, 'large', parseProvider({ kind: 'openai-compatible', name: 'corp', baseUrl: 'https://llm.corp.example/v1' }), { 'corp/large': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 8, reasoning: 4 } });
    // 86 × 2 + 17,817 × 0.2 + 100 × 2.5 + 50 × 8 + 200 × 4, in millionths of a dollar.
    expect((cost?.usd ?? Number.NaN) * 1e6).toBeCloseTo(5185.4, 6);
  });

  it('warns of prices that were last confirmed more than 60 days ago, of the list and of the person', () => {
    const later = new Date(Date.parse(priceTableDate) + 61 * 86_400_000);
    expect(costOf(table, usage, 'gpt-4o', openai, {}, later)?.source).toMatch(/of 2026-09-23, last confirmed more than 60 days ago$/);
    const own = { 'openai/gpt-4o': { input: 1, output: 2, asOf: '2026-11-01', source: 'contract 7' } };
    expect(costOf(table, usage, 'gpt-4o', openai, own, new Date('2026-12-31'))?.source).toBe('price from the settings, contract 7 of 2026-11-01');
    expect(costOf(table, usage, 'gpt-4o', openai, own, new Date('2027-01-02'))?.source).toContain('last confirmed more than 60 days ago');
  });

  it('names the version of the price list that is really there', () => {
    const { name, version } = JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')) as { name: string; version: string };
    expect(priceTableName).toBe(`${name} ${version}`);
  });
});
