import { AssassinError } from '../shared/errors.ts';
import { limitText, type ModelLayer, type OnAttempt, type TimeLimit } from './layer.ts';
import type { ModelClient, ModelEvent, ModelRequest } from './model-client.ts';

/** Milliseconds. The fourth limit, for connecting, is the transport's: only it sees a connection. */
export interface TimeoutLimits {
  /** Until the first sign of an answer. */
  readonly firstByteMs: number;
  /** Between two signs of life. */
  readonly idleMs: number;
  readonly totalMs: number;
}

/** A slow machine may read a long prompt for minutes before it says a word; once it talks, silence means trouble sooner. */
export const defaultTimeouts: TimeoutLimits = { firstByteMs: 180_000, idleMs: 90_000, totalMs: 900_000 };

/** Ends what takes too long with `model-unavailable` and `data.timeout`, also where the client below ignores its signal. */
export function withTimeouts(limits: Partial<TimeoutLimits> = {}, onAttempt?: OnAttempt): ModelLayer {
  const all = { ...defaultTimeouts, ...limits };
  return (client) => ({ info: client.info, stream: (request, signal) => watched(client, request, signal, all, onAttempt) });
}

async function* watched(client: ModelClient, request: ModelRequest, signal: AbortSignal, limits: TimeoutLimits, onAttempt: OnAttempt | undefined): AsyncGenerator<ModelEvent, void, undefined> {
  signal.throwIfAborted();
  const { id } = client.info;
  const ending = new AbortController();
  const expire = (limit: TimeLimit, afterMs: number) => {
    if (ending.signal.aborted) return;
    onAttempt?.({ type: 'timed-out', model: id, limit, afterMs });
    ending.abort(new AssassinError('model-unavailable', `${id} ${limitText[limit]} ${afterMs} ms.`, { hint: 'Try again, choose another model, or raise the time limit.', data: { model: id, timeout: limit } }));
  };
  const cancel = () => ending.abort(signal.reason);
  signal.addEventListener('abort', cancel, { once: true });
  // Not a race against one promise for all of the answer: that keeps something of every piece until its end.
  let give: ((reason: unknown) => void) | undefined;
  ending.signal.addEventListener('abort', () => give?.(ending.signal.reason), { once: true });
  const piece = () => new Promise<IteratorResult<ModelEvent>>((resolve, reject) => {
    give = reject;
    ending.signal.throwIfAborted();
    events.next().then(resolve, reject);
  });
  const total = setTimeout(expire, limits.totalMs, 'total', limits.totalMs);
  const silence = new Silence(expire);
  silence.begins('first-byte', limits.firstByteMs);
  const events = client.stream(request, ending.signal)[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next = await piece();
      silence.ends();
      if (next.done) {
        finished = true;
        return;
      }
      // While the reader is busy with an event the provider's silence is not measured.
      yield next.value;
      silence.begins('idle', limits.idleMs);
    }
  } catch (error) {
    finished = !ending.signal.aborted;
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(total);
    silence[Symbol.dispose]();
    signal.removeEventListener('abort', cancel);
    if (!finished) {
      ending.abort();
      // Not awaited: a client that ignores its signal would hold up the one who has given up on it.
      void Promise.resolve(events.return?.()).catch(() => undefined);
    }
  }
}

/** One timer for all pieces of an answer, which may be thousands: it looks when it fires whether the silence that it was set for goes on. */
class Silence implements Disposable {
  readonly #expire: (limit: TimeLimit, afterMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = 0;
  #now: { readonly limit: TimeLimit; readonly ms: number; readonly until: number } | undefined;

  constructor(expire: (limit: TimeLimit, afterMs: number) => void) {
    this.#expire = expire;
  }

  begins(limit: TimeLimit, ms: number): void {
    const until = performance.now() + ms;
    this.#now = { limit, ms, until };
    if (this.#timer === undefined || this.#firesAt > until) this.#wait(until);
  }

  ends(): void {
    this.#now = undefined;
  }

  #wait(until: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = until;
    this.#timer = setTimeout(() => this.#look(), Math.ceil(until - performance.now()));
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#now === undefined) return;
    // Timers may be a moment early.
    if (performance.now() < this.#now.until - 1) this.#wait(this.#now.until);
    else this.#expire(this.#now.limit, this.#now.ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** The empty text that a client says while something long is on its way; nothing of the answer was seen yet. */
export function isSignOfLife(event: ModelEvent): boolean {
  return (event.type === 'text' || event.type === 'reasoning') && event.text === '';
}
