/** A look at the disk that takes longer than this, in milliseconds, was not one at a disk of this machine. */
const slowMs = 3;
/** How long nothing is asked at once any more after that, in milliseconds: at first, and at most. It doubles with each slow look that follows a slow one. */
const restMs = { first: 50, most: 10_000 };

/**
 * Small looks at the disk, such as where a path leads, take a hundredth of what it costs to have another thread do them, and a task makes thousands. They are made at
 * once as long as they are that quick: a network drive that takes its time is asked in the background, where it holds nobody up. A single slow one says little: on
 * a busy machine the program itself was held up.
 */
export class QuickDisk {
  readonly #now: () => number;
  #restsUntil = 0;
  #restMs = restMs.first;

  /** `now`: a clock in milliseconds that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Does `work` at once where that is quick, else `later`. What `work` throws is thrown. */
  async do<T>(work: () => T, later: () => Promise<T>): Promise<T> {
    const began = this.#now();
    if (began < this.#restsUntil) return later();
    try {
      return work();
    } finally {
      this.#judge(began, this.#now());
    }
  }

  #judge(began: number, now: number): void {
    if (now - began <= slowMs) {
      this.#restMs = restMs.first;
      return;
    }
    this.#restsUntil = now + this.#restMs;
    this.#restMs = Math.min(restMs.most, this.#restMs * 2);
  }
}

/** Shared by everything that reads the workspace: what one has found out about it holds for all. */
export const quickDisk = new QuickDisk();
