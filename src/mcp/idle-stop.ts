/** A server that is shared by policy is stopped when no run has used it for so long, milliseconds. */
export const sharedIdleMs = 5 * 60_000;

/** Counts who uses something, and stops it when nobody has for a while. */
export class IdleStop {
  readonly #idleMs: number;
  readonly #stop: () => void;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stop: () => void, idleMs: number = sharedIdleMs) {
    this.#stop = stop;
    this.#idleMs = idleMs;
  }

  /** Somebody uses it until the signal aborts. */
  use(until: AbortSignal): void {
    clearTimeout(this.#timer);
    this.#users += 1;
    const release = () => {
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#timer = setTimeout(this.#stop, this.#idleMs);
      // Whoever closes the program stops it anyway.
      this.#timer.unref();
    };
    if (until.aborted) release();
    else until.addEventListener('abort', release, { once: true });
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
