/** Something with a time limit that may be put off while it goes on. */
export interface Timed {
  /** By the monotonic clock, in milliseconds. */
  readonly dueAt: number;
  /** The limit is over: it goes from here, or is due later than it was. */
  due(): void;
}

/** Timers go off up to so much before the monotonic clock says so, in milliseconds. */
const roundingMs = 1;

/**
 * One timer for the time limits of all calls of a connection. It is not set anew for each call, and not stopped when one is over: that costs more than to
 * look now and then and find nothing due. It keeps the program alive only while there is something to be due.
 */
export class Deadlines {
  readonly #timed = new Set<Timed>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  add(timed: Timed): void {
    this.#timed.add(timed);
    if (this.#timed.size === 1) this.#timer?.ref();
    this.lookBy(timed.dueAt);
  }

  delete(timed: Timed): void {
    if (this.#timed.delete(timed) && this.#timed.size === 0) this.#timer?.unref();
  }

  /** Something is due earlier than it was. */
  lookBy(at: number): void {
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#look(), Math.max(0, at - performance.now()));
  }

  #look(): void {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const timed of this.#timed) {
      if (timed.dueAt - now < roundingMs) timed.due();
      if (this.#timed.has(timed)) this.lookBy(timed.dueAt);
    }
  }
}
