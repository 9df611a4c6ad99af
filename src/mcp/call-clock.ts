/** What a call is given up with when nothing was heard of it for too long. */
export const callTimeout = new Error('The time for the call is over.');

/** The two time limits of one call: silence, and the whole. Both stand still while a person is waited for. */
export class CallClock implements Disposable {
  readonly #abort = new AbortController();
  readonly #silenceMs: number;
  readonly #ended: () => void;
  #leftMs: number;
  #began = 0;
  #silence: NodeJS.Timeout | undefined;
  #whole: NodeJS.Timeout | undefined;
  #held = 0;

  constructor(silenceMs: number, wholeMs: number, ended: () => void = () => undefined) {
    this.#silenceMs = silenceMs;
    this.#ended = ended;
    this.#leftMs = wholeMs;
    this.#run();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** A sign of life. */
  touch(): void {
    if (this.#held === 0) this.#silence?.refresh();
  }

  hold(): Disposable {
    if (this.#held++ === 0) this.#stop();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        if (--this.#held === 0 && !this.signal.aborted) this.#run();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#held = Number.POSITIVE_INFINITY;
    this.#stop();
    this.#ended();
  }

  #run(): void {
    this.#began = performance.now();
    const over = () => this.#abort.abort(callTimeout);
    this.#silence = setTimeout(over, this.#silenceMs);
    this.#whole = setTimeout(over, Math.max(0, this.#leftMs));
  }

  #stop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#whole);
    this.#leftMs -= performance.now() - this.#began;
  }
}
