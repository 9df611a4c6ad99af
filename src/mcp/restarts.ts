/** Before the first, second, ... attempt, milliseconds. One more failure than there are waits, and the server is left alone. */
export const restartWaits: readonly number[] = [1000, 2000, 5000, 15_000, 30_000];
/** A server that has run for so long is not the one that could not be kept up, milliseconds. */
const steadyMs = 60_000;

export interface RestartsOptions {
  readonly waits?: readonly number[];
  /** Starts the server; rejects where that fails. */
  readonly start: () => Promise<void>;
  readonly changed: () => void;
  readonly now?: () => number;
}

/** Starts a server that broke again, later each time, and gives up in the end: one that dies at each start would keep the machine busy for ever. */
export class Restarts {
  readonly #options: RestartsOptions;
  #attempts = 0;
  #count = 0;
  #up: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #next: number | undefined;

  constructor(options: RestartsOptions) {
    this.#options = options;
  }

  /** How often it was started again since a person started it. */
  get count(): number {
    return this.#count;
  }

  /** When it is tried the next time, by the clock of `now`; `undefined` where nothing waits. */
  get next(): number | undefined {
    return this.#next;
  }

  /** It runs. */
  up(): void {
    this.#up = this.#now();
  }

  /** It has broken. Gives whether it will be tried again. */
  lost(): boolean {
    const { waits = restartWaits, start, changed } = this.#options;
    if (this.#up !== undefined && this.#now() - this.#up >= steadyMs) this.#attempts = 0;
    this.#up = undefined;
    const wait = waits[this.#attempts];
    if (wait === undefined) return false;
    this.#attempts += 1;
    this.#next = this.#now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#next = undefined;
      this.#count += 1;
      // The failure of a start is told where it is handled; here it only counts.
      start().catch(() => {
        this.lost();
        changed();
      });
    }, wait);
    // Nobody's program stays open for a server that may come back.
    this.#timer.unref();
    return true;
  }

  /** A person has stopped it, or starts it themselves. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = undefined;
    this.#attempts = 0;
    this.#count = 0;
    this.#up = undefined;
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
