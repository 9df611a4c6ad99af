import type { Mark } from '../shared/events.ts';
import { datedSource } from '../shared/price-age.ts';
import type { ModelInfo, ModelUsage } from './model-client.ts';
import { isLocal, type Provider } from './provider.ts';

/** US dollars for a million tokens. */
export interface PriceOverride {
  readonly input: number;
  /** As `input` where absent. */
  readonly cachedInput?: number;
  /** As `input` where absent. */
  readonly cacheWrite?: number;
  readonly output: number;
  /** Of the part of the output that the model thinks in; as `output` where absent. */
  readonly reasoning?: number;
  /** The day on which it was looked up, ISO. */
  readonly asOf?: string;
  /** Where it is from, such as a contract. */
  readonly source?: string;
}

export interface ModelCost {
  readonly usd: number;
  /** `computed` from measured tokens and a price list, `estimated` where the tokens are; `measured` for a model on this machine. */
  readonly mark: Extract<Mark, 'measured' | 'computed' | 'estimated'>;
  /** Where the price is from, or why there is none to pay. */
  readonly source: string;
}

/** What one request cost, without waiting. `undefined`: unpriced, which is not nothing. */
export interface ModelPricing {
  cost(model: ModelInfo, usage: ModelUsage): ModelCost | undefined;
}

/** What is publicly known of models, by the address at which they are asked. */
export interface PriceTable {
  cost(model: string, baseUrl: URL, usage: ModelUsage, at?: Date): ModelCost | undefined;
  contextTokens(model: string, baseUrl: URL): number | undefined;
}

/** The package that knows the list prices, as the lock file has it; shown with each computed cost. */
export const priceTableName = '@pydantic/genai-prices 0.1.8';
/** The day on which that was published. */
export const priceTableDate = '2026-09-23';

/** Half a megabyte, and so loaded when the first price is wanted. Nothing is fetched: the prices are those of the package. */
export async function loadPriceTable(): Promise<PriceTable> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return {
    cost: (model, baseUrl, usage, at = new Date()) => {
      const tokens = {
        input_tokens: usage.uncachedInput + usage.cachedInput + usage.cacheWrite,
        cache_read_tokens: usage.cachedInput,
        cache_write_tokens: usage.cacheWrite,
        output_tokens: usage.output,
      };
      const price = calcPrice(tokens, model, { providerApiUrl: baseUrl.href, timestamp: at });
      return price === null ? undefined : { usd: price.total_price, mark: markOf(usage), source: datedSource(`list price of ${price.provider.name} for ${price.model.id}, ${priceTableName}`, priceTableDate, at.getTime()) };
    },
    contextTokens: (model, baseUrl) => calcPrice({}, model, { providerApiUrl: baseUrl.href })?.model.context_window,
  };
}

/**
 * Overrides are looked up by `provider/model` and go before everything. Only addresses that the table knows are priced by it: behind a company's
 * gateway the same name may cost something else.
 */
export function costOf(table: PriceTable, usage: ModelUsage, model: string, provider: Provider, overrides: Readonly<Record<string, PriceOverride>> = {}, now: Date = new Date()): ModelCost | undefined {
  const override = overrides[`${provider.name}/${model}`];
  if (override) {
    const { input, cachedInput = input, cacheWrite = input, output, reasoning = output, asOf, source } = override;
    const thought = Math.min(usage.reasoning, usage.output);
    const usd = (usage.uncachedInput * input + usage.cachedInput * cachedInput + usage.cacheWrite * cacheWrite + (usage.output - thought) * output + thought * reasoning) / 1_000_000;
    const from = `price from the settings${source === undefined ? '' : `, ${source}`}`;
    return { usd, mark: markOf(usage), source: asOf === undefined ? from : datedSource(from, asOf, now.getTime()) };
  }
  if (isLocal(provider)) return { usd: 0, mark: 'measured', source: `runs on this machine (${provider.baseUrl.host}); electricity is not counted` };
  return table.cost(model, provider.baseUrl, usage, now);
}

function markOf(usage: ModelUsage): 'computed' | 'estimated' {
  return usage.mark === 'measured' ? 'computed' : 'estimated';
}
