/** Counts down the wall time of a run, and stands still while the run waits for a person. */
export class WallClock implements Disposable {
  readonly #onOver: () => void;
  #leftMs: number;
  #runningSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;
  #over = false;

  /** One that begins `later` stands still until its `start`. */
  constructor(ms: number, onOver: () => void, begins: 'now' | 'later' = 'now') {
    this.#leftMs = ms;
    this.#onOver = onOver;
    if (begins === 'now') this.#run();
    else this.#pauses = 1;
  }

  start(): void {
    this.#resume();
  }

  /** Stands still until what is returned is disposed; pauses may overlap. */
  pause(): Disposable {
    if (this.#pauses++ === 0 && this.#runningSince !== undefined) {
      this.#leftMs -= performance.now() - this.#runningSince;
      this.#runningSince = undefined;
      clearTimeout(this.#timer);
    }
    let ended = false;
    return {
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        this.#resume();
      },
    };
  }

  #resume(): void {
    if (--this.#pauses === 0) this.#run();
  }

  #run(): void {
    if (this.#over) return;
    this.#runningSince = performance.now();
    this.#timer = setTimeout(() => {
      this.#over = true;
      this.#onOver();
    }, Math.max(0, this.#leftMs));
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
