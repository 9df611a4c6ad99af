/** Who waits for what a run is about to be answered with: to wake up takes a program as long as the answer takes to be judged and recorded, and both may go on at once. */
export class NearAnswers {
  readonly #listeners = new Set<() => void>();

  onNear(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** An answer has arrived and is still to be looked at. It permits nothing, and may come to nothing. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
