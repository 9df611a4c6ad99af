/** Gives turns to calls, in the order in which they came, and no more room to wait than it was told. */
export class CallQueue {
  readonly #concurrency: number;
  readonly #room: number;
  readonly #waiting = new Set<(go: boolean) => void>();
  #running = 0;
  #closed = false;

  constructor(concurrency: number, room: number) {
    this.#concurrency = concurrency;
    this.#room = room;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** A turn, to be given back by disposing it; `full` or `closed` where there is none to be had. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<Disposable | 'full' | 'closed'> {
    signal.throwIfAborted();
    if (this.#closed) return 'closed';
    if (this.#running >= this.#concurrency) {
      if (this.#waiting.size >= this.#room) return 'full';
      if (!(await this.#turn(signal))) return 'closed';
    } else this.#running += 1;
    let over = false;
    return {
      [Symbol.dispose]: () => {
        if (over) return;
        over = true;
        this.#pass();
      },
    };
  }

  /** Lets nobody wait any longer. Calls that have their turn go on. */
  close(): void {
    this.#closed = true;
    for (const go of this.#waiting) go(false);
    this.#waiting.clear();
  }

  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const go = (turn: boolean) => {
        signal.removeEventListener('abort', onAbort);
        resolve(turn);
      };
      const onAbort = () => {
        this.#waiting.delete(go);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(go);
    });
  }

  /** The turn goes straight to who waits longest, so that nobody who comes meanwhile is faster. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next(true);
  }
}
