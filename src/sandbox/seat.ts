import { AssassinError } from '../shared/errors.ts';
import { noHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { Answers } from './host-calls.ts';
import type { FromWorker, ParkedGuest, ToWorker } from './protocol.ts';
import { Watchdog } from './watchdog.ts';
import type { GuestSize, WorkerPool } from './worker-pool.ts';
import type { WorkerThread } from './worker-thread.ts';

type RunMessage = Omit<Extract<ToWorker, { type: 'run' }>, 'type' | 'parked'>;

const soonMs = 10;

export interface SeatOptions {
  readonly pool: WorkerPool;
  readonly size: GuestSize;
  readonly cpuLimitMs: number;
  readonly heard: (message: FromWorker) => void;
  /** The thread is gone, or there was none to be had. */
  readonly lost: (error: AssassinError) => void;
  /** The guest computes without a sign of life for longer than it may. */
  readonly stuck: () => void;
}

/**
 * Where a guest is: in a thread of its own, or parked while it waits for answers and the thread serves another guest. Parked, it is a copy of those
 * pages of its memory that differ from the memory every guest begins with.
 */
export class Seat {
  readonly #options: SeatOptions;
  #message: RunMessage | undefined;
  #thread: WorkerThread | undefined;
  #watchdog: Watchdog | undefined;
  /** What was told of the guest in the thread that it is no longer in. */
  #told = noHeartbeat;
  #parked: ParkedGuest | undefined;
  #parking: PromiseWithResolvers<boolean> | undefined;
  /** Since when the guest waits for answers to its calls; `undefined` while it does not. */
  #waitsSince: number | undefined;
  #look: NodeJS.Timeout | undefined;
  #offered = false;
  #entering = false;
  #left = false;
  /** Answers that came while it was in no thread, or on its way out of one. */
  #held: Answers[] = [];

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** Absent while it is in none. */
  get thread(): WorkerThread | undefined {
    return this.#thread;
  }

  /** What was told of the guest last. */
  get heartbeat(): Heartbeat {
    return this.#thread?.heartbeat.read() ?? this.#told;
  }

  /** Milliseconds in which the guest has computed without a sign of life. */
  get silentMs(): number {
    return this.#watchdog?.silentMs ?? 0;
  }

  /** `entered` is called once the guest has come to its first thread, with when that was, by `performance.now`. */
  start(message: RunMessage, entered: (at: number) => void): void {
    this.#message = message;
    void this.#enter(entered);
  }

  answer(answers: Answers): void {
    if (this.#left) return;
    if (this.#thread !== undefined && this.#parking === undefined) {
      this.#waitsNoMore();
      this.#thread.post({ type: 'answers', ...answers });
      return;
    }
    this.#held.push(answers);
    if (this.#parking === undefined) void this.#enter();
  }

  /** The guest is over. A thread that it is in stays attached, for what is still to be heard of it; a copy of it is overwritten. Returns its size. */
  leave(): number | undefined {
    if (this.#left) return undefined;
    this.#left = true;
    this.#watchdog?.[Symbol.dispose]();
    clearTimeout(this.#look);
    this.#waitsNoMore();
    this.#held = [];
    return this.#thread === undefined ? this.#overwrite() : undefined;
  }

  /** Nothing of the guest is in its thread any more: another one may have it. Returns the number of the thread. */
  vacate(): number {
    const thread = this.#thread!;
    this.#told = thread.heartbeat.read();
    this.#thread = undefined;
    this.#options.pool.giveBack(thread);
    return thread.number;
  }

  #overwrite(): number {
    const bytes = this.#parked?.memory.bytes;
    this.#parked = undefined;
    // Empty once it has moved on to a thread.
    return bytes === undefined || bytes.length === 0 ? 0 : bytes.fill(0).length;
  }

  /** Takes a thread and begins, or goes on where it was: at once, where one waits. */
  async #enter(entered?: (at: number) => void): Promise<void> {
    if (this.#entering) return;
    this.#entering = true;
    const { pool, size } = this.#options;
    try {
      const thread = pool.takeReady(size) ?? await pool.take(size);
      if (this.#left) pool.giveBack(thread);
      else this.#begin(thread, entered);
    } catch (error) {
      this.#options.lost(AssassinError.isInstance(error) ? error : new AssassinError('sandbox-crashed', 'The sandbox has no thread to run in.', { cause: error }));
    } finally {
      this.#entering = false;
    }
  }

  #begin(thread: WorkerThread, entered?: (at: number) => void): void {
    const { cpuLimitMs, stuck } = this.#options;
    const { beats } = thread.heartbeat;
    thread.heartbeat.begin(this.#told);
    this.#thread = thread;
    thread.attach({ message: (message) => this.#hear(message), lost: (error) => this.#options.lost(error) });
    const parked = this.#parked;
    const at = performance.now();
    // The rest is done while the thread wakes.
    thread.post({ type: 'run', ...this.#message!, ...(parked === undefined ? {} : { parked }) });
    this.#watchdog = new Watchdog(thread, beats, cpuLimitMs, stuck);
    entered?.(at);
    this.#overwrite();
    for (const answers of this.#held.splice(0)) thread.post({ type: 'answers', ...answers });
  }

  /** A guest whose calls take their time may be parked once somebody needs its thread; one that is answered at once would only be carried to and fro. */
  #mayWait(): void {
    this.#waitsSince = performance.now();
    this.#look ??= setTimeout(() => this.#lookAtWaiting(), soonMs);
  }

  /** A timer of its own for each call would cost as much as all else that the host does for it. */
  #lookAtWaiting(): void {
    this.#look = undefined;
    if (this.#waitsSince === undefined || this.#thread === undefined || this.#left) return;
    const leftMs = this.#waitsSince + soonMs - performance.now();
    if (leftMs > 0.5) {
      this.#look = setTimeout(() => this.#lookAtWaiting(), leftMs);
      return;
    }
    this.#offered = true;
    this.#options.pool.waits(this.#thread, () => this.#park());
  }

  #waitsNoMore(): void {
    this.#waitsSince = undefined;
    if (!this.#offered) return;
    this.#offered = false;
    if (this.#thread !== undefined) this.#options.pool.waits(this.#thread, undefined);
  }

  /** Asks the guest to make room. Resolves with whether it did. */
  #park(): Promise<boolean> {
    if (this.#left || this.#thread === undefined) return Promise.resolve(false);
    if (this.#parking === undefined) {
      this.#parking = Promise.withResolvers();
      this.#thread.post({ type: 'park' });
    }
    return this.#parking.promise;
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'calls':
        this.#mayWait();
        break;
      case 'parked':
        this.#goOut(message.guest);
        break;
      case 'unparked':
        this.#stay();
        break;
      case 'ended':
        this.#stay();
    }
    this.#options.heard(message);
  }

  #goOut(guest: ParkedGuest): void {
    const thread = this.#thread!;
    const parking = this.#parking;
    this.#told = thread.heartbeat.read();
    this.#thread = undefined;
    this.#waitsSince = undefined;
    this.#offered = false;
    this.#parking = undefined;
    this.#watchdog?.[Symbol.dispose]();
    this.#parked = guest;
    this.#options.pool.giveBack(thread);
    parking?.resolve(true);
    if (this.#left) this.#overwrite();
    else if (this.#held.length > 0) void this.#enter();
  }

  #stay(): void {
    const parking = this.#parking;
    this.#parking = undefined;
    parking?.resolve(false);
    for (const answers of this.#held.splice(0)) this.#thread?.post({ type: 'answers', ...answers });
  }
}
