import { Deadlines, type Timed } from './deadlines.ts';

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

/** When a call is given up, for whoever carries it out. */
export interface CallEnd {
  /** What it was given up with; `undefined` while it goes on. */
  readonly givenUp: { readonly reason: unknown } | undefined;
  /** Aborts when it is given up. Made when it is asked for: it costs more than the rest of what watches over a call. */
  readonly signal: AbortSignal;
  /** Hears of it, once; nobody hears of it any more when the call is over. */
  onGivenUp(listener: (reason: unknown) => void): void;
}

/** The time limits of one call: the first sign of life, silence, and the whole. All stand still while a person is waited for. */
export class CallClock implements CallEnd, Disposable, Timed {
  readonly #limits: CallLimits;
  readonly #deadlines: Deadlines;
  readonly #listeners: ((reason: unknown) => void)[] = [];
  #abort: AbortController | undefined;
  #givenUp: { readonly reason: unknown } | undefined;
  #leftMs: number;
  /** When it began to run, last: at first, or after a person was waited for. */
  #began = 0;
  #lastSign = 0;
  #alive = false;
  #held = 0;
  #followed: Set<CallClock> | undefined;

  constructor(limits: CallLimits, deadlines = new Deadlines()) {
    this.#limits = limits;
    this.#deadlines = deadlines;
    this.#leftMs = limits.wholeMs;
    this.#run();
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#givenUp !== undefined) this.#abort.abort(this.#givenUp.reason);
    }
    return this.#abort.signal;
  }

  get givenUp(): { readonly reason: unknown } | undefined {
    return this.#givenUp;
  }

  onGivenUp(listener: (reason: unknown) => void): void {
    if (this.#givenUp === undefined) this.#listeners.push(listener);
    else listener(this.#givenUp.reason);
  }

  /** A sign of life. */
  touch(): void {
    const first = !this.#alive;
    this.#alive = true;
    this.#lastSign = performance.now();
    // What is put off is seen when it is looked at; the first sign alone may bring a limit nearer.
    if (first && this.#held === 0 && this.#givenUp === undefined) this.#deadlines.lookBy(this.dueAt);
  }

  /** Is given up with another signal too, while it lasts. */
  follow(signal: AbortSignal): void {
    if (signal.aborted) return this.#giveUp(signal.reason);
    this.#followed = followersOf(signal, (clock) => clock.#giveUp(signal.reason));
    this.#followed.add(this);
  }

  hold(): Disposable {
    if (this.#held++ === 0) this.#stop();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        if (--this.#held === 0 && this.#givenUp === undefined) this.#run();
      },
    };
  }

  get dueAt(): number {
    return Math.min(this.#silentAt, this.#began + this.#leftMs);
  }

  due(): void {
    const { silenceMs, wholeMs } = this.#limits;
    if (this.#silentAt > this.#began + this.#leftMs) this.#giveUp(new CallTimeout('totalTimeoutMs', wholeMs));
    else this.#giveUp(new CallTimeout(this.#patienceMs === silenceMs ? 'timeoutMs' : 'firstByteTimeoutMs', this.#patienceMs));
  }

  [Symbol.dispose](): void {
    this.#held = Number.POSITIVE_INFINITY;
    this.#stop();
    this.#listeners.length = 0;
    this.#followed?.delete(this);
    this.#limits.ended?.();
  }

  get #patienceMs(): number {
    const { silenceMs, firstMs = silenceMs } = this.#limits;
    return this.#alive ? silenceMs : firstMs;
  }

  get #silentAt(): number {
    return this.#lastSign + this.#patienceMs;
  }

  #run(): void {
    this.#began = this.#lastSign = performance.now();
    this.#deadlines.add(this);
  }

  #stop(): void {
    this.#deadlines.delete(this);
    this.#leftMs -= performance.now() - this.#began;
  }

  #giveUp(reason: unknown): void {
    if (this.#givenUp !== undefined) return;
    this.#givenUp = { reason };
    this.#deadlines.delete(this);
    this.#abort?.abort(reason);
    for (const listener of this.#listeners.splice(0)) listener(reason);
  }
}

const followers = new WeakMap<AbortSignal, Set<CallClock>>();

/** One listener at the signal of a run for all its calls: adding and removing one for each call costs more than the call itself. */
function followersOf(signal: AbortSignal, tell: (clock: CallClock) => void): Set<CallClock> {
  const known = followers.get(signal);
  if (known !== undefined) return known;
  const clocks = new Set<CallClock>();
  followers.set(signal, clocks);
  signal.addEventListener('abort', () => [...clocks].forEach(tell), { once: true });
  return clocks;
}
