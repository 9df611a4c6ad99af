import { createHash, timingSafeEqual } from 'node:crypto';

/** Answers that are not of this sign-in are turned away; one that sends many of them is trying states. */
const maxStrangers = 50;

/** Takes the one answer of a sign-in: the first whose state is right. A second one, or one with another state, changes nothing. */
export class Callback {
  readonly answer: Promise<URLSearchParams>;
  readonly #state: string;
  readonly #resolve: (answer: URLSearchParams) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #tooMany: () => Error;
  #strangers = 0;
  #over = false;

  constructor(state: string, signal: AbortSignal, tooMany: () => Error) {
    this.#state = state;
    this.#tooMany = tooMany;
    const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    // Whoever gives up before it is waited for must not end the program.
    promise.catch(() => undefined);
    const abort = () => this.#end(() => this.#reject(signal.reason));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** False for what does not belong to this sign-in, and for everything after the answer. */
  deliver(query: URLSearchParams): boolean {
    if (this.#over) return false;
    // A parameter that comes twice is read differently by different readers.
    const single = ['state', 'code', 'iss', 'error'].every((name) => query.getAll(name).length <= 1);
    if (!single || !same(query.get('state') ?? '', this.#state) || (query.has('code') === query.has('error'))) {
      if (++this.#strangers >= maxStrangers) this.#end(() => this.#reject(this.#tooMany()));
      return false;
    }
    this.#end(() => this.#resolve(query));
    return true;
  }

  #end(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    settle();
  }
}

/** Compares in a time that tells nothing of where they differ. */
function same(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
