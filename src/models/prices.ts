import type { Mark } from '../shared/events.ts';
import type { ModelUsage } from './model-client.ts';
import { isLocal, type Provider } from './provider.ts';

/** US dollars for a million tokens. */
export interface PriceOverride {
  readonly input: number;
  /** As `input` where absent. */
  readonly cachedInput?: number;
  /** As `input` where absent. */
  readonly cacheWrite?: number;
  readonly output: number;
}

export interface ModelCost {
  readonly usd: number;
  /** `computed` from measured tokens and a price list, `estimated` where the tokens are; `measured` for a model on this machine. */
  readonly mark: Extract<Mark, 'measured' | 'computed' | 'estimated'>;
  /** Where the price is from, or why there is none to pay. */
  readonly source: string;
}

/** The package that knows the list prices, as the lock file has it; shown with each computed cost. */
export const priceTable = '@pydantic/genai-prices 0.1.8';

/**
 * What one request cost at list prices. `undefined`: unpriced, which is not nothing. Overrides are looked up by `provider/model` and go before
 * everything. Only addresses that the price list knows are priced by it: behind a company's gateway the same name may cost something else.
 */
export async function costOf(usage: ModelUsage, model: string, provider: Provider, overrides: Readonly<Record<string, PriceOverride>> = {}, at: Date = new Date()): Promise<ModelCost | undefined> {
  const mark = usage.mark === 'measured' ? 'computed' : 'estimated';
  const override = overrides[`${provider.name}/${model}`];
  if (override) {
    const { input, cachedInput = input, cacheWrite = input, output } = override;
    const usd = (usage.uncachedInput * input + usage.cachedInput * cachedInput + usage.cacheWrite * cacheWrite + usage.output * output) / 1_000_000;
    return { usd, mark, source: 'price from the settings' };
  }
  if (isLocal(provider)) return { usd: 0, mark: 'measured', source: `runs on this machine (${provider.baseUrl.host}); electricity is not counted` };
  const { calcPrice } = await import('@pydantic/genai-prices');
  const tokens = {
    input_tokens: usage.uncachedInput + usage.cachedInput + usage.cacheWrite,
    cache_read_tokens: usage.cachedInput,
    cache_write_tokens: usage.cacheWrite,
    output_tokens: usage.output,
  };
  const price = calcPrice(tokens, model, { providerApiUrl: provider.baseUrl.href, timestamp: at });
  return price === null ? undefined : { usd: price.total_price, mark, source: `list price of ${price.provider.name} for ${price.model.id}, ${priceTable}` };
}
