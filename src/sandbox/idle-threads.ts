import type { WorkerThread } from './worker-thread.ts';

/**
 * Threads in which nobody is, each with a guest made ahead, until somebody comes or their time is over. One timer looks at all of them: to set and clear one for each program would
 * cost as much as the rest of what is done for it here.
 */
export class IdleThreads implements Disposable, Iterable<WorkerThread> {
  readonly #idleMs: number;
  readonly #end: (thread: WorkerThread) => void;
  /** Since when they wait, by `performance.now`. */
  readonly #since = new Map<WorkerThread, number>();
  #sweep: NodeJS.Timeout | undefined;

  /** `end` is called for one that has waited for `idleMs` milliseconds, and takes it out. */
  constructor(idleMs: number, end: (thread: WorkerThread) => void) {
    this.#idleMs = idleMs;
    this.#end = end;
  }

  get size(): number {
    return this.#since.size;
  }

  add(thread: WorkerThread): void {
    this.#since.set(thread, performance.now());
    this.#sweepIn(this.#idleMs);
  }

  delete(thread: WorkerThread): void {
    this.#since.delete(thread);
  }

  [Symbol.iterator](): Iterator<WorkerThread> {
    return this.#since.keys();
  }

  #sweepIn(ms: number): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      const now = performance.now();
      let longestMs = 0;
      for (const [thread, since] of this.#since) {
        if (now - since >= this.#idleMs) this.#end(thread);
        else longestMs = Math.max(longestMs, now - since);
      }
      if (this.#since.size > 0) this.#sweepIn(this.#idleMs - longestMs);
    }, ms).unref();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#sweep);
  }
}
