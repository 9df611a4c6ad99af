import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import type { ModelLayer, OnAttempt } from './layer.ts';
import type { ModelClient, ModelEvent, ModelRequest } from './model-client.ts';
import { isSignOfLife } from './with-timeouts.ts';

export interface RetryOptions {
  /** How often the model is asked in all, the first time included. */
  readonly attempts: number;
  /** Longest wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  /** Longest wait of all. A provider that wants a longer one is not asked again: the person decides. */
  readonly maxWaitMs: number;
}

export const defaultRetry: RetryOptions = { attempts: 4, baseMs: 1000, maxWaitMs: 60_000 };

/**
 * Asks again after a rate limit (when the provider said to) and after failures of server and connection. Never after a refusal or a wrong key,
 * and never once a part of the answer was passed on: the reader would get it twice.
 */
export function withRetry(options: Partial<RetryOptions> = {}, onAttempt?: OnAttempt): ModelLayer {
  const all = { ...defaultRetry, ...options };
  return (client) => ({ info: client.info, stream: (request, signal) => retried(client, request, signal, all, onAttempt) });
}

async function* retried(client: ModelClient, request: ModelRequest, signal: AbortSignal, options: RetryOptions, onAttempt: OnAttempt | undefined): AsyncGenerator<ModelEvent, void, undefined> {
  for (let attempt = 1; ; attempt++) {
    let seen = false;
    try {
      for await (const event of client.stream(request, signal)) {
        seen ||= !isSignOfLife(event);
        yield event;
      }
      return;
    } catch (error) {
      const waitMs = seen || signal.aborted || attempt >= options.attempts ? undefined : waitBefore(attempt, error, options);
      if (waitMs === undefined) throw error;
      onAttempt?.({ type: 'retry', model: client.info.id, attempt, waitMs, error: toErrorInfo(error) });
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
}

/** Milliseconds, or `undefined` where asking again is no use. */
function waitBefore(attempt: number, error: unknown, { baseMs, maxWaitMs }: RetryOptions): number | undefined {
  if (!AssassinError.isInstance(error) || (error.code !== 'model-rate-limited' && error.code !== 'model-unavailable')) return undefined;
  // One that was silent for minutes gets a second chance and no more; one that talked for its whole time gets none.
  const timeout = error.data?.['timeout'];
  if (timeout === 'total' || (timeout !== undefined && attempt > 1)) return undefined;
  const wanted = error.data?.['retryAfterMs'];
  const ceiling = Math.min(maxWaitMs, baseMs * 2 ** (attempt - 1));
  // Spread over the upper half, so that several runs that were turned away together don't come back together.
  const backoff = ceiling / 2 + Math.random() * (ceiling / 2);
  if (typeof wanted !== 'number') return backoff;
  return wanted > maxWaitMs ? undefined : wanted + Math.random() * Math.min(baseMs, 250);
}
