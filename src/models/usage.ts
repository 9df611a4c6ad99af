import { tokensIn, tokensPerImage } from '../shared/token-estimate.ts';
import type { ModelMessage, ModelRequest, ModelUsage } from './model-client.ts';
import { tierOf } from './service-tier.ts';

/** What a provider reported; a missing count was not reported. */
export interface ReportedUsage {
  readonly input?: number | undefined;
  readonly cachedInput?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  /** The provider's own word. */
  readonly tier?: string | null | undefined;
  readonly billedUsd?: number | undefined;
}

export function estimateTokens(text: string): number {
  return tokensIn(text.length);
}

/** Of messages and definitions counted before: a conversation is counted several times a turn, and only its end is new. */
const known = new WeakMap<object, number>();

function once<T extends object>(value: T, count: (value: T) => number): number {
  let tokens = known.get(value);
  if (tokens === undefined) known.set(value, (tokens = count(value)));
  return tokens;
}

export function estimateInput({ messages, tools }: ModelRequest): number {
  const definitions = tools.length === 0 ? 0 : once(tools, (list) => estimateTokens(JSON.stringify(list)));
  return messages.reduce((sum, message) => sum + once(message, estimateMessage), definitions);
}

function estimateMessage(message: ModelMessage): number {
  let tokens = estimateTokens(message.text);
  if (message.role === 'assistant' && message.calls.length > 0) tokens += estimateTokens(JSON.stringify(message.calls));
  if (message.role === 'assistant') for (const { text } of message.thoughts ?? []) tokens += estimateTokens(text);
  if (message.role === 'user' || message.role === 'tool') tokens += (message.images?.length ?? 0) * tokensPerImage;
  return tokens;
}

/** What is known of a request before it is sent. */
export function estimatedUsage(input: number, output: number): ModelUsage {
  return { uncachedInput: input, cachedInput: 0, cacheWrite: 0, output, reasoning: 0, mark: 'estimated' };
}

/**
 * The split of one request. `measured` only where the provider reported both sides; what it did not report is estimated from the
 * characters that went and came.
 */
export function usageOf(reported: ReportedUsage, request: ModelRequest, outputCharacters: number): ModelUsage {
  // Every request has input: servers that send a zero count nothing and fill in the field.
  const input = reported.input === 0 ? undefined : reported.input;
  const { output } = reported;
  const total = input ?? estimateInput(request);
  const cachedInput = Math.min(total, reported.cachedInput ?? 0);
  const cacheWrite = Math.min(total - cachedInput, reported.cacheWrite ?? 0);
  const counted = input === undefined ? undefined : output;
  const tier = tierOf(reported.tier);
  const { billedUsd } = reported;
  return {
    uncachedInput: total - cachedInput - cacheWrite,
    cachedInput,
    cacheWrite,
    output: counted ?? tokensIn(outputCharacters),
    reasoning: reported.reasoning ?? 0,
    mark: counted === undefined ? 'estimated' : 'measured',
    ...(tier === undefined ? {} : { tier }),
    ...(billedUsd === undefined || !(billedUsd >= 0) ? {} : { billedUsd }),
  };
}

export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  const billed = a.billedUsd !== undefined && b.billedUsd !== undefined ? a.billedUsd + b.billedUsd : undefined;
  // Two tiers have no price together: as one of the two the sum would be wrong.
  const tier = a.tier === b.tier ? a.tier : `${a.tier ?? 'unknown'} and ${b.tier ?? 'unknown'}`;
  return {
    uncachedInput: a.uncachedInput + b.uncachedInput,
    cachedInput: a.cachedInput + b.cachedInput,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    mark: a.mark === 'measured' && b.mark === 'measured' ? 'measured' : 'estimated',
    ...(tier === undefined ? {} : { tier }),
    ...(billed === undefined ? {} : { billedUsd: billed }),
  };
}
