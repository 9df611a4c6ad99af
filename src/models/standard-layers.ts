import { layered, type OnAttempt } from './layer.ts';
import type { ModelClient } from './model-client.ts';
import { withFallback } from './with-fallback.ts';
import { withRetry, type RetryOptions } from './with-retry.ts';
import { withSingleFlight } from './with-single-flight.ts';
import { withTimeouts, type TimeoutLimits } from './with-timeouts.ts';

export interface StandardLayerOptions {
  /** Asked in this order where the client fails; each gets its own time limits and attempts. */
  readonly fallback?: readonly ModelClient[];
  readonly timeouts?: Partial<TimeoutLimits>;
  readonly retry?: Partial<RetryOptions>;
  readonly onAttempt?: OnAttempt;
}

/** All layers in the order that makes sense: shared, then the next model, then the same one again, each attempt under its time limits. */
export function standardLayers(client: ModelClient, { fallback = [], timeouts, retry, onAttempt }: StandardLayerOptions = {}): ModelClient {
  const steady = (one: ModelClient) => layered(one, withRetry(retry, onAttempt), withTimeouts(timeouts, onAttempt));
  return layered(steady(client), withSingleFlight(onAttempt), withFallback(fallback.map(steady), onAttempt));
}
