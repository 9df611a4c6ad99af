import type { Mark } from '../shared/events.ts';
import { datedSource } from '../shared/price-age.ts';
import type { ModelInfo, ModelUsage } from './model-client.ts';
import { isLocal, type Provider } from './provider.ts';
import { tierPriceOf, usdInTier, wholeInput, type TokenParts } from './tier-prices.ts';

/** US dollars for a million tokens. */
export interface TokenPrices {
  readonly input: number;
  /** As `input` where absent. */
  readonly cachedInput?: number;
  /** As `input` where absent. */
  readonly cacheWrite?: number;
  readonly output: number;
  /** Of the part of the output that the model thinks in; as `output` where absent. */
  readonly reasoning?: number;
}

export interface PriceOverride extends TokenPrices {
  /** Of service tiers, by the provider's name for them (`flex`, `priority`, `batch`); a tier that is not here is unpriced. */
  readonly tiers?: Readonly<Record<string, TokenPrices>>;
  /** The day on which it was looked up, ISO. */
  readonly asOf?: string;
  /** Where it is from, such as a contract. */
  readonly source?: string;
}

export interface ModelCost {
  readonly usd: number;
  /** `computed` from measured tokens and a price list, `estimated` where the tokens or a part of the price are; `billed` as the provider says; `measured` for a model on this machine. */
  readonly mark: Extract<Mark, 'measured' | 'billed' | 'computed' | 'estimated'>;
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
      const { tier = 'standard' } = usage;
      const listOf = ({ cachedInput, cacheWrite, output }: TokenParts) => calcPrice(
        { input_tokens: wholeInput(usage), cache_read_tokens: cachedInput, cache_write_tokens: cacheWrite, output_tokens: output },
        model, { providerApiUrl: baseUrl.href, timestamp: at },
      );
      const price = listOf(usage);
      if (price === null) return undefined;
      const source = datedSource(`list price of ${price.provider.name} for ${price.model.id}, ${priceTableName}`, priceTableDate, at.getTime());
      if (tier === 'standard') return { usd: price.total_price, mark: markOf(usage), source };
      const row = tierPriceOf(baseUrl.hostname, tier, model);
      if (row === undefined) return undefined;
      const usd = usdInTier(row, usage, price.total_price, (parts) => listOf(parts)?.total_price ?? price.total_price);
      return {
        usd, mark: row.cachedInput === 'list' && usage.cachedInput > 0 ? 'estimated' : markOf(usage),
        source: `${source}; ${tier} tier at ${Number(row.factor.toFixed(3))} of it, ${datedSource(row.source, row.asOf, at.getTime())}`,
      };
    },
    contextTokens: (model, baseUrl) => calcPrice({}, model, { providerApiUrl: baseUrl.href })?.model.context_window,
  };
}

/** Providers whose `usage.cost` is known to be the dollars that were taken from the account; elsewhere the same field is anything. */
const charging: ReadonlySet<string> = new Set(['openrouter.ai']);

/**
 * What a provider says that it has charged goes before everything, then overrides, which are looked up by `provider/model`. Only addresses that the table knows
 * are priced by it: behind a company's gateway the same name may cost something else.
 */
export function costOf(table: PriceTable, usage: ModelUsage, model: string, provider: Provider, overrides: Readonly<Record<string, PriceOverride>> = {}, now: Date = new Date()): ModelCost | undefined {
  if (usage.billedUsd !== undefined && charging.has(provider.baseUrl.hostname)) return { usd: usage.billedUsd, mark: 'billed', source: `charged, as ${provider.baseUrl.host} reports` };
  const override = overrides[`${provider.name}/${model}`];
  if (!override && isLocal(provider)) return { usd: 0, mark: 'measured', source: `runs on this machine (${provider.baseUrl.host}); electricity is not counted` };
  const tiered = usage.tier === undefined && provider.serviceTier !== undefined ? { ...usage, tier: provider.serviceTier } : usage;
  const cost = override ? overriddenCost(tiered, override, now) : table.cost(model, provider.baseUrl, tiered, now);
  // Asked for and not confirmed: it may have been another tier that answered.
  return cost && tiered !== usage && cost.mark === 'computed' ? { ...cost, mark: 'estimated', source: `${cost.source}; the answer does not say its tier` } : cost;
}

/** What it costs by the person's own price. `undefined` for a tier that it does not name. */
export function overriddenCost(usage: ModelUsage, { tiers, asOf, source, ...standard }: PriceOverride, now: Date): ModelCost | undefined {
  const { tier = 'standard' } = usage;
  const prices = tier === 'standard' ? standard : tiers?.[tier];
  if (prices === undefined) return undefined;
  const { input, cachedInput = input, cacheWrite = input, output, reasoning = output } = prices;
  const thought = Math.min(usage.reasoning, usage.output);
  const usd = (usage.uncachedInput * input + usage.cachedInput * cachedInput + usage.cacheWrite * cacheWrite + (usage.output - thought) * output + thought * reasoning) / 1_000_000;
  const from = `price from the settings${tier === 'standard' ? '' : ` for the ${tier} tier`}${source === undefined ? '' : `, ${source}`}`;
  return { usd, mark: markOf(usage), source: asOf === undefined ? from : datedSource(from, asOf, now.getTime()) };
}

function markOf(usage: ModelUsage): 'computed' | 'estimated' {
  return usage.mark === 'measured' ? 'computed' : 'estimated';
}
