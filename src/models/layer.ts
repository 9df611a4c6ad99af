import type { ErrorInfo } from '../shared/errors.ts';
import { formatDuration } from '../shared/duration.ts';
import type { ModelClient } from './model-client.ts';

/** Wraps a client into one that does more. */
export type ModelLayer = (client: ModelClient) => ModelClient;

export type TimeLimit = 'first-byte' | 'idle' | 'total';

/** What a layer did that the one who asked did not see. For the journal. Times are milliseconds. */
export type ModelAttempt =
  | { readonly type: 'timed-out'; readonly model: string; readonly limit: TimeLimit; readonly afterMs: number }
  /** `attempt` failed, counted from 1; the next one begins after `waitMs`. */
  | { readonly type: 'retry'; readonly model: string; readonly attempt: number; readonly waitMs: number; readonly error: ErrorInfo }
  | { readonly type: 'fallback'; readonly model: string; readonly to: string; readonly error: ErrorInfo }
  /** An identical request was under way already; its answer is shared, and was paid for once. */
  | { readonly type: 'shared'; readonly model: string };

export type OnAttempt = (attempt: ModelAttempt) => void;

/** `layered(client, a, b)` asks `a` first, which asks `b`, which asks the client: the first is the outermost. */
export function layered(client: ModelClient, ...layers: readonly ModelLayer[]): ModelClient {
  return layers.reduceRight((inner, layer) => layer(inner), client);
}

/** As one line of a log. */
export function describeAttempt(attempt: ModelAttempt): string {
  switch (attempt.type) {
    case 'timed-out':
      return `${attempt.model}: ${limitText[attempt.limit]} ${formatDuration(attempt.afterMs)}; the request was ended.`;
    case 'retry':
      return `${attempt.model}: attempt ${attempt.attempt} failed, the next one in ${formatDuration(attempt.waitMs)}. ${attempt.error.message}`;
    case 'fallback':
      return `${attempt.model} failed; ${attempt.to} is asked instead. ${attempt.error.message}`;
    case 'shared':
      return `${attempt.model}: the answer of an identical request under way is shared.`;
  }
}

export const limitText: Readonly<Record<TimeLimit, string>> = {
  'first-byte': 'did not begin to answer within',
  idle: 'fell silent in the middle of its answer for',
  total: 'did not finish its answer within',
};
