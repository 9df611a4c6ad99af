import type { Wire } from '../../../src/shared/rpc.ts';

export interface WireEnd extends Wire {
  /** Everything that came in at this end. */
  readonly received: unknown[];
}

/** Two ends of one channel. Messages are copied on the way, as between a page and its host, and arrive later, in order. */
export function wirePair(): readonly [WireEnd, WireEnd] {
  const listeners = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const received: readonly [unknown[], unknown[]] = [[], []];
  const end = (own: 0 | 1): WireEnd => ({
    received: received[own],
    post: (message) => {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => {
        received[own === 0 ? 1 : 0].push(copy);
        for (const listener of listeners[own === 0 ? 1 : 0]) listener(copy);
      });
    },
    listen: (listener) => {
      listeners[own].add(listener);
      return { [Symbol.dispose]: () => void listeners[own].delete(listener) };
    },
  });
  return [end(0), end(1)];
}
