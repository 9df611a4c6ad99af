/** A look at the disk that takes longer than this, in milliseconds, was not one at a disk of this machine. */
const slowMs = 3;
/** How long nothing is asked at once any more after that, in milliseconds. */
const restMs = 10_000;

/**
 * Small looks at the disk, such as where a path leads, take a hundredth of what it costs to have another thread do them, and a task makes thousands. They are made at
 * once as long as they are that quick: a network drive that takes its time is asked in the background, where it holds nobody up.
 */
export class QuickDisk {
  #restsUntil = 0;

  /** Does `work` at once where that is quick, else `later`. What `work` throws is thrown. */
  async do<T>(work: () => T, later: () => Promise<T>): Promise<T> {
    const began = performance.now();
    if (began < this.#restsUntil) return later();
    try {
      return work();
    } finally {
      const now = performance.now();
      if (now - began > slowMs) this.#restsUntil = now + restMs;
    }
  }
}

/** Shared by everything that reads the workspace: what one has found out about it holds for all. */
export const quickDisk = new QuickDisk();
