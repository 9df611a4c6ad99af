import { availableParallelism, cpus } from 'node:os';

/** It is looked this often whether there was nothing to do, in milliseconds, while somebody waits. */
const lookMs = 100;
/** Of that, so much of one processor without work lets another server begin. */
const idleEnoughMs = 50;
const defaultPatienceMs = 500;

export interface StartTurnsOptions {
  /** So many begin at once. */
  readonly atOnce?: number;
  /** Milliseconds in which processors had nothing to do, all together and since any moment; `undefined` where the system does not tell. */
  readonly idleMs?: () => number | undefined;
  /** So long after the one before it another begins at the latest, milliseconds: on a machine that others keep busy, what waits for a network must not wait for them too. 500 where absent. */
  readonly patienceMs?: number;
}

/**
 * Turns for servers that start. Many at once only take the processors from each other, and from the editor: none answers before nearly all do, and the last of them later than if a few had begun at a time.
 * One that waits for something else than a processor, such as a download, holds up nobody: where processors are idle another begins at once, and on a busy machine after a moment.
 */
export class StartTurns {
  readonly #atOnce: number;
  readonly #idleMs: () => number | undefined;
  readonly #patienceMs: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;
  #timer: NodeJS.Timeout | undefined;
  #idleBefore = 0;
  #lastBegan = 0;

  constructor({ atOnce = availableParallelism() + 1, idleMs = idleOfProcessors, patienceMs = defaultPatienceMs }: StartTurnsOptions = {}) {
    this.#atOnce = atOnce;
    this.#idleMs = idleMs;
    this.#patienceMs = patienceMs;
  }

  /** Resolves when it may begin; its turn ends when what is given is disposed. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#taken < this.#atOnce) this.#begins();
    else await this.#wait(signal);
    return {
      [Symbol.dispose]: () => {
        this.#taken -= 1;
        if (this.#taken < this.#atOnce) this.#next();
      },
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = () => {
      this.#waiting.delete(begin);
      signal.removeEventListener('abort', giveUp);
      if (this.#waiting.size === 0) this.#rest();
    };
    const begin = () => {
      end();
      this.#begins();
      resolve();
    };
    const giveUp = () => {
      end();
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    this.#waiting.add(begin);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#watch();
    return promise;
  }

  #begins(): void {
    this.#taken += 1;
    this.#lastBegan = performance.now();
  }

  #next(): void {
    const [begin] = this.#waiting;
    begin?.();
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    const idle = this.#idleMs();
    if (idle === undefined) return this.#next();
    this.#idleBefore = idle;
    this.#timer = setTimeout(() => this.#look(), lookMs);
  }

  #look(): void {
    this.#rest();
    const wasIdle = (this.#idleMs() ?? Number.POSITIVE_INFINITY) - this.#idleBefore >= idleEnoughMs;
    if (wasIdle || performance.now() - this.#lastBegan >= this.#patienceMs) this.#next();
    if (this.#waiting.size > 0) this.#watch();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function idleOfProcessors(): number | undefined {
  const processors = cpus();
  return processors.length === 0 ? undefined : processors.reduce((ms, { times }) => ms + times.idle, 0);
}
