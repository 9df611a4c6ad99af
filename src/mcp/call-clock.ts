/** What a call is given up with: which of its limits is over, and how long that was. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
  readonly limit: 'firstByteTimeoutMs' | 'timeoutMs' | 'totalTimeoutMs';
  readonly ms: number;

  constructor(limit: CallTimeout['limit'], ms: number) {
    super('The time for the call is over.');
    this.limit = limit;
    this.ms = ms;
  }
}

export interface CallLimits {
  /** Until the first sign of life; `silenceMs` where absent. */
  readonly firstMs?: number;
  /** Between two signs of life, and after the last. */
  readonly silenceMs: number;
  readonly wholeMs: number;
  readonly ended?: () => void;
}

/** The time limits of one call: the first sign of life, silence, and the whole. All stand still while a person is waited for. */
export class CallClock implements Disposable {
  readonly #abort = new AbortController();
  readonly #limits: CallLimits;
  #leftMs: number;
  #began = 0;
  #alive = false;
  #silence: NodeJS.Timeout | undefined;
  #whole: NodeJS.Timeout | undefined;
  #held = 0;
  #unfollow: (() => void) | undefined;

  constructor(limits: CallLimits) {
    this.#limits = limits;
    this.#leftMs = limits.wholeMs;
    this.#run();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** A sign of life. */
  touch(): void {
    const first = !this.#alive;
    this.#alive = true;
    if (this.#held > 0) return;
    if (first) this.#listen();
    else this.#silence?.refresh();
  }

  /** Aborts with another signal too, while it lasts. A signal made of both would cost more than all else of a call that is answered at once. */
  follow(signal: AbortSignal): void {
    if (signal.aborted) return this.#abort.abort(signal.reason);
    const onAbort = () => this.#abort.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#unfollow = () => signal.removeEventListener('abort', onAbort);
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
    this.#unfollow?.();
    this.#limits.ended?.();
  }

  #run(): void {
    this.#began = performance.now();
    this.#listen();
    this.#whole = setTimeout(() => this.#over('totalTimeoutMs', this.#limits.wholeMs), Math.max(0, this.#leftMs));
  }

  #listen(): void {
    const { silenceMs, firstMs = silenceMs } = this.#limits;
    clearTimeout(this.#silence);
    this.#silence = this.#alive || firstMs === silenceMs ? setTimeout(() => this.#over('timeoutMs', silenceMs), silenceMs) : setTimeout(() => this.#over('firstByteTimeoutMs', firstMs), firstMs);
  }

  #over(limit: CallTimeout['limit'], ms: number): void {
    this.#abort.abort(new CallTimeout(limit, ms));
  }

  #stop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#whole);
    this.#leftMs -= performance.now() - this.#began;
  }
}
