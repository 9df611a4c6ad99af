/** After looks in vain so many waits go without one, at most. */
const maxWithoutLook = 255;

/**
 * Looks out for something that another thread is about to write, instead of sleeping until it is woken. To be woken takes longer than most of what is waited for, where
 * the other thread has a processor of its own; where both share one, or it takes its time, looking only keeps it from its work. Which it is shows, and changes: looks in
 * vain make the next ones rare, one that pays off makes them frequent.
 */
export class Lookout {
  readonly #forMs: number;
  #withoutLook = 0;
  #penalty = 0;
  #wasInVain = false;

  constructor(forMs: number) {
    this.#forMs = forMs;
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

  /** The same, where it is due. */
  lookNow(hasCome: () => boolean): boolean {
    const until = performance.now() + this.#forMs;
    while (!hasCome()) {
      if (performance.now() < until) continue;
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
