/** After looks in vain so many waits go without one, at most. */
const maxWithoutLook = 255;

/**
 * Looks out for something that another thread is about to write, instead of going back to an event loop and being woken from there. To be woken takes longer than most of what is waited for. Looking
 * without sleep is the quickest where the other thread has a processor of its own, and keeps it from its work where both share one; so it is slept for whatever takes longer than a moment.
 * Looks in vain make the next ones rare, one that pays off makes them frequent.
 */
export class Lookout {
  readonly #forMs: number;
  readonly #awakeMs: number;
  #withoutLook = 0;
  #penalty = 0;
  #wasInVain = false;

  /** Looks for so many milliseconds at most, and so many of them without sleep. */
  constructor(forMs: number, awakeMs = forMs) {
    this.#forMs = forMs;
    this.#awakeMs = awakeMs;
  }

  /** Whether to look this time; to be asked once for each wait. */
  isDue(): boolean {
    if (this.#withoutLook === 0) return true;
    this.#withoutLook -= 1;
    return false;
  }

  /** Whether it has come. */
  look(hasCome: () => boolean): boolean {
    return this.isDue() && this.lookNow(hasCome);
  }

  /** The same, where it is due. `sleep` may return before its time; without it, all the time is spent awake. */
  lookNow(hasCome: () => boolean, sleep?: (ms: number) => void): boolean {
    const began = performance.now();
    while (!hasCome()) {
      const ms = performance.now() - began;
      if (ms < this.#forMs) {
        if (ms >= this.#awakeMs) sleep?.(this.#forMs - ms);
        continue;
      }
      // One that was in vain says little: the first program after a while takes longer than those behind it.
      if (this.#wasInVain) this.#penalty = Math.min(2 * this.#penalty + 1, maxWithoutLook);
      this.#wasInVain = true;
      this.#withoutLook = this.#penalty;
      return false;
    }
    this.#wasInVain = false;
    this.#penalty >>= 1;
    return true;
  }
}
