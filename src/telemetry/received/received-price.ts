import { overriddenCost, type ModelCost, type PriceOverride, type PriceTable } from '../../models/prices.ts';
import type { JsonObject } from '../../shared/json.ts';
import { textOf } from './attributes.ts';
import type { ReceivedUsage } from './received-usage.ts';

/** Providers by the names that the conventions give them, and where they are asked: the table knows them by that. */
const addresses: ReadonlyMap<string, string> = new Map([
  ['openai', 'https://api.openai.com/v1'], ['anthropic', 'https://api.anthropic.com/v1'], ['gemini', 'https://generativelanguage.googleapis.com/v1beta'], ['mistral', 'https://api.mistral.ai/v1'],
  ['groq', 'https://api.groq.com/openai/v1'], ['deepseek', 'https://api.deepseek.com'], ['xai', 'https://api.x.ai/v1'], ['openrouter', 'https://openrouter.ai/api/v1'],
]);
const otherNames: ReadonlyMap<string, string> = new Map([['google', 'gemini'], ['gcp.gemini', 'gemini'], ['gcp.gen_ai', 'gemini'], ['google_genai', 'gemini'], ['mistralai', 'mistral'], ['mistral_ai', 'mistral'], ['x_ai', 'xai']]);
/** Whose a model is where the program names no provider, which is the maker as often as not: the price is an estimate. */
const makers: readonly (readonly [RegExp, string])[] = [[/^(gpt-|o\d|chatgpt-|text-embedding-)/, 'openai'], [/^claude-/, 'anthropic'], [/^gemini-/, 'gemini'], [/^(mistral|codestral|magistral|devstral)/, 'mistral'], [/^deepseek-/, 'deepseek'], [/^grok-/, 'xai']];
const providerKeys = ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider'];

export interface ReceivedPrices {
  readonly table: PriceTable;
  /** The person's own, by `provider/model`: they go before the list, also for providers that it does not know. */
  readonly own: Readonly<Record<string, PriceOverride>>;
}

/**
 * What a request would cost whose program names no cost: by the person's own price, or at list price. `undefined`: unpriced. A provider that is named and not known is one whose prices are not known;
 * the price of the maker would be made up there.
 */
export function priceOf({ table, own }: ReceivedPrices, model: string | undefined, { input = 0, cachedInput = 0, cacheWrite = 0, output = 0, reasoning = 0 }: ReceivedUsage, attributes: JsonObject, at: number): ModelCost | undefined {
  if (model === undefined || input + output === 0 || cachedInput + cacheWrite > input) return undefined;
  const named = textOf(attributes, providerKeys)?.toLowerCase();
  // The AI SDK adds the kind of its interface: `openai.responses`.
  const provider = named === undefined ? makers.find(([names]) => names.test(model))?.[1] : (otherNames.get(named) ?? named.split('.')[0]);
  if (provider === undefined) return undefined;
  const usage = { uncachedInput: input - cachedInput - cacheWrite, cachedInput, cacheWrite, output, reasoning, mark: 'estimated' } as const;
  const override = own[`${provider}/${model}`];
  const address = addresses.get(provider);
  const cost = override !== undefined ? overriddenCost(usage, override, new Date(at)) : address === undefined ? undefined : table.cost(model, new URL(address), usage, new Date(at));
  return cost && { ...cost, source: `${cost.source}; tokens and model as the program that sent the trace says, which names no cost` };
}
