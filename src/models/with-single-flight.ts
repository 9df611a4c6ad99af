import type { ModelLayer, OnAttempt } from './layer.ts';
import type { ModelClient, ModelEvent, ModelRequest } from './model-client.ts';

/**
 * Identical requests that are under way at the same time become one: each reader gets the whole answer, the provider is paid once. A reader that
 * gives up leaves the others alone; the last one to give up ends the request. Nothing is kept afterwards.
 */
export function withSingleFlight(onAttempt?: OnAttempt): ModelLayer {
  return (client) => {
    const flights = new Set<Flight>();
    return {
      info: client.info,
      stream: (request, signal) => joined(() => {
        for (const under of flights) {
          if (!under.carries(request)) continue;
          onAttempt?.({ type: 'shared', model: client.info.id });
          return under;
        }
        const flight = new Flight(client, request, () => flights.delete(flight));
        flights.add(flight);
        return flight;
      }, signal),
    };
  };
}

async function* joined(join: () => Flight, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
  signal.throwIfAborted();
  yield* join().read(signal);
}

class Flight {
  readonly #request: ModelRequest;
  #key: string | undefined;
  readonly #events: ModelEvent[] = [];
  readonly #ending = new AbortController();
  readonly #over: () => void;
  #readers = 0;
  #done = false;
  #failure: { readonly error: unknown } | undefined;
  #more = Promise.withResolvers<void>();

  constructor(client: ModelClient, request: ModelRequest, over: () => void) {
    this.#over = over;
    this.#request = request;
    void this.#fly(client, request);
  }

  /** Compared only where another request is under way, which is seldom: conversations are long, and each turn carries all of it. */
  carries(request: ModelRequest): boolean {
    return request === this.#request || (request.messages.length === this.#request.messages.length && JSON.stringify(request) === (this.#key ??= JSON.stringify(this.#request)));
  }

  async *read(signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    this.#readers += 1;
    const leave = () => this.#wake();
    signal.addEventListener('abort', leave, { once: true });
    try {
      for (let at = 0; ; at++) {
        while (at >= this.#events.length && !this.#done && !signal.aborted) await this.#more.promise;
        signal.throwIfAborted();
        const event = this.#events[at];
        if (event === undefined) break;
        yield event;
      }
      if (this.#failure) throw this.#failure.error;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#readers -= 1;
      if (this.#readers === 0 && !this.#done) {
        // At once: whoever comes now must not join a request that is about to end.
        this.#over();
        this.#ending.abort();
      }
    }
  }

  async #fly(client: ModelClient, request: ModelRequest): Promise<void> {
    // A turn later, when the one who started it reads: an answer that fails at once would otherwise have nobody to fail for.
    await Promise.resolve();
    try {
      for await (const event of client.stream(request, this.#ending.signal)) {
        this.#events.push(event);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#done = true;
    this.#over();
    this.#wake();
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers<void>();
  }
}
