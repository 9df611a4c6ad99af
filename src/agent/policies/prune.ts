import type { ModelMessage } from '../../models/model-client.ts';

/** A result shorter than this is not worth a handle. */
const worthShortening = 600;
/** Results that the model has only just asked for are shortened last. */
const freshMessages = 6;
/** Shortened to below this share of the limit, so that the next turn does not begin with the same again. */
const target = 0.7;

export interface PruneOptions {
  /** Tokens that the messages may have. */
  readonly limit: number;
  readonly tokensOf: (messages: readonly ModelMessage[]) => number;
  /** Length of a result after it was shortened, in characters. */
  readonly shortLength: number;
}

/**
 * Which tool results to shorten, as indexes into `messages`: the oldest first, and none where everything fits. Messages are never left out:
 * a result without its call, or a call without its result, is refused by every provider.
 */
export function toShorten(messages: readonly ModelMessage[], { limit, tokensOf, shortLength }: PruneOptions): readonly number[] {
  let tokens = tokensOf(messages);
  if (tokens <= limit) return [];
  const long = messages.flatMap((message, index) => (message.role === 'tool' && message.text.length >= Math.max(worthShortening, shortLength + 1) ? [index] : []));
  const old = long.filter((index) => index < messages.length - freshMessages);
  const chosen: number[] = [];
  for (const index of [...old, ...long.filter((each) => !old.includes(each))]) {
    if (tokens <= limit * target) break;
    const message = messages[index]!;
    tokens -= tokensOf([message]) - tokensOf([{ ...message, text: message.text.slice(0, shortLength) }]);
    chosen.push(index);
  }
  return chosen;
}
