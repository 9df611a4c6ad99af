import type { ModelInfo, ModelRate } from './model-client.ts';
import type { ModelPricing } from './prices.ts';
import { estimatedUsage } from './usage.ts';

/** What a model costs, as far as that is known. `undefined`: unpriced, which is not nothing. */
export function rateOf(model: ModelInfo, pricing: ModelPricing): ModelRate | undefined {
  // Some prices rise with the length of the request; this is the rate of the first tokens.
  const input = pricing.cost(model, estimatedUsage(1000, 0));
  const output = pricing.cost(model, estimatedUsage(0, 1000));
  return input && output ? { input: input.usd * 1000, output: output.usd * 1000 } : undefined;
}
