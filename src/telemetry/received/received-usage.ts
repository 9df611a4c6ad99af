import type { ModelCost } from '../../models/prices.ts';
import type { EventBody } from '../../shared/events.ts';
import type { JsonObject } from '../../shared/json.ts';
import { amountOf, objectOf } from './attributes.ts';

/** Tokens and cost of one request to a model, as the program says. `input` holds what came from a cache and what was written into one. */
export interface ReceivedUsage {
  readonly input?: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly costUsd?: number;
}

type Parts = Omit<ReceivedUsage, 'costUsd'>;

export function usageOf(attributes: JsonObject): ReceivedUsage {
  const langfuse = langfuseUsage(objectOf(attributes['langfuse.observation.usage_details']));
  const named: Parts = definedOf({
    input: amountOf(attributes, ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt']),
    cachedInput: amountOf(attributes, ['gen_ai.usage.cache_read.input_tokens', 'llm.token_count.prompt_details.cache_read', 'gen_ai.usage.cache_read_input_tokens', 'ai.usage.cachedInputTokens']),
    cacheWrite: amountOf(attributes, ['gen_ai.usage.cache_creation.input_tokens', 'llm.token_count.prompt_details.cache_write', 'gen_ai.usage.cache_creation_input_tokens']),
    output: amountOf(attributes, ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.token_count.completion']),
    reasoning: amountOf(attributes, ['gen_ai.usage.reasoning.output_tokens', 'llm.token_count.completion_details.reasoning', 'ai.usage.reasoningTokens']),
  });
  return { ...langfuse, ...named, ...definedOf({ costUsd: amountOf(attributes, ['gen_ai.usage.cost', 'llm.cost.total']) ?? langfuseCost(objectOf(attributes['langfuse.observation.cost_details'])) }) };
}

/** Its parts where there is no total. */
function langfuseCost(cost: JsonObject): number | undefined {
  return amountOf(cost, ['total']) ?? sumOf(cost, () => true);
}

function sumOf(amounts: JsonObject, fits: (key: string) => boolean): number | undefined {
  const values = Object.keys(amounts).filter(fits).map((key) => amountOf(amounts, [key])).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

/** Langfuse adds up whatever bears `input` or `output` in its name; other names are those of the providers. */
function langfuseUsage(usage: JsonObject): Parts {
  const sum = (fits: (key: string) => boolean) => sumOf(usage, fits);
  return definedOf({
    input: sum((key) => key.includes('input')) ?? amountOf(usage, ['prompt_tokens', 'promptTokens']),
    cachedInput: sum((key) => key.includes('input') && /cache_read|cached/.test(key)),
    cacheWrite: sum((key) => key.includes('input') && /cache_(creation|write)/.test(key)),
    output: sum((key) => key.includes('output')) ?? amountOf(usage, ['completion_tokens', 'completionTokens']),
    reasoning: sum((key) => key.includes('output') && key.includes('reasoning')),
  });
}

const source = 'reported by the program that sent the trace';

/** Lines of the ledger. A request without a cost is one whose price is not known, and not one that was free. */
export function metersOf(step: string, { costUsd, ...parts }: ReceivedUsage, listPrice?: ModelCost): readonly EventBody[] {
  const tokens = ([
    ['model.input_tokens', parts.input], ['model.cached_input_tokens', parts.cachedInput], ['model.cache_write_tokens', parts.cacheWrite], ['model.output_tokens', parts.output], ['model.reasoning_tokens', parts.reasoning],
  ] as const).flatMap(([meter, value]) => (value === undefined ? [] : [{ type: 'meter', meter, value, mark: 'estimated', source, step } as const]));
  if (costUsd !== undefined) return [...tokens, { type: 'meter', meter: 'model.cost_usd', value: costUsd, mark: 'estimated', source, step }];
  if (listPrice !== undefined) return [...tokens, { type: 'meter', meter: 'model.cost_usd', value: listPrice.usd, mark: listPrice.mark, source: listPrice.source, step }];
  return tokens.some(({ value }) => value > 0) ? [...tokens, { type: 'meter', meter: 'model.cost_usd', value: 0, mark: 'unknown', source: 'the program that sent the trace names no cost, and no price is known', step }] : tokens;
}

function definedOf<T extends Readonly<Record<string, number | undefined>>>(values: T): { readonly [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { readonly [K in keyof T]?: number };
}
