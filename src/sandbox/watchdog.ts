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
  #beats = -1;
  #busyAtBeat = 0;

  constructor(thread: WorkerThread, heartbeat: SharedArrayBuffer, cpuLimitMs: number, onStuck: () => void) {
    this.#timer = setInterval(() => {
      const { beats, cpuMs } = readHeartbeat(heartbeat);
      const busyMs = thread.busyMs();
      if (beats !== this.#beats) {
        this.#beats = beats;
        this.#busyAtBeat = busyMs;
      } else if (cpuMs + (busyMs - this.#busyAtBeat) > cpuLimitMs + graceMs) {
        onStuck();
      }
    }, everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
