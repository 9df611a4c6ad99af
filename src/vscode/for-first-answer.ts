/** What is meant for a page that is still loading, which hears of it with its first answer. A page that loads much later was not meant. */
export class ForFirstAnswer<T> implements Disposable {
  readonly #ms: number;
  #value: T | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  put(value: T): void {
    clearTimeout(this.#timer);
    this.#value = value;
    this.#timer = setTimeout(() => (this.#value = undefined), this.#ms).unref();
  }

  /** Once. */
  take(): T | undefined {
    const value = this.#value;
    this[Symbol.dispose]();
    return value;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#value = undefined;
  }
}
