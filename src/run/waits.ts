/** Whether a run waits for a person, and who has to know: clocks that must not tick meanwhile. */
export class Waits {
  readonly #above: Waits | undefined;
  readonly #listeners = new Set<(waiting: boolean) => void>();
  #open = 0;

  /** @param above of the run that waits for this one, which then waits for the person too. */
  constructor(above?: Waits) {
    this.#above = above;
  }

  get waiting(): boolean {
    return this.#open > 0;
  }

  /** Hears when the run begins and ceases to wait. */
  onChange(listener: (waiting: boolean) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Holds what `pause` gives while the run waits, now and later, until it is disposed. */
  pausing(pause: () => Disposable): Disposable {
    let held = this.waiting ? pause() : undefined;
    const changes = this.onChange((waiting) => {
      held?.[Symbol.dispose]();
      held = waiting ? pause() : undefined;
    });
    return {
      [Symbol.dispose]: () => {
        changes[Symbol.dispose]();
        held?.[Symbol.dispose]();
      },
    };
  }

  /** Several calls may wait for a person at once: the run is waiting from the first to the last. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const wait = async () => {
      if (this.#open++ === 0) this.#tell(true);
      try {
        return await work();
      } finally {
        if (--this.#open === 0) this.#tell(false);
      }
    };
    return this.#above === undefined ? wait() : this.#above.during(wait);
  }

  #tell(waiting: boolean): void {
    for (const listener of this.#listeners) listener(waiting);
  }
}
