/** Runs one piece of work at a time; calls that come in meanwhile are answered by one more round at its end, however many they were. */
export class Refresher {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves once a round that began after this call has ended. `work` must not reject. */
  async refresh(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#rounds();
    await this.#running;
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      await this.#work();
    } while (this.#again);
    this.#running = undefined;
  }
}
