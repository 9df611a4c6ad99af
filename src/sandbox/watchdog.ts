import { readHeartbeat } from './heartbeat.ts';
import type { WorkerThread } from './worker-thread.ts';

const everyMs = 25;
/** The guest's own limit, which reports better, comes first by this many milliseconds. */
const graceMs = 250;

/**
 * Sees a guest that computes without ever being asked whether it may go on: inside one native operation, such as a join of a huge
 * array, the engine asks nobody. A guest that waits, or whose core is taken by others between two signs of life, is left alone.
 */
export class Watchdog implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #thread: WorkerThread;
  #beats = -1;
  #busyAtBeat: number;

  constructor(thread: WorkerThread, heartbeat: SharedArrayBuffer, cpuLimitMs: number, onStuck: () => void) {
    this.#thread = thread;
    this.#busyAtBeat = thread.busyMs();
    this.#timer = setInterval(() => {
      const { beats, cpuMs } = readHeartbeat(heartbeat);
      if (beats !== this.#beats) {
        this.#beats = beats;
        this.#busyAtBeat = thread.busyMs();
      } else if (cpuMs + this.silentMs > cpuLimitMs + graceMs) {
        onStuck();
      }
    }, everyMs);
  }

  /** Milliseconds in which the guest has computed without a sign of life. */
  get silentMs(): number {
    return this.#thread.busyMs() - this.#busyAtBeat;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
