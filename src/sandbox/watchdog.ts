import type { WorkerThread } from './worker-thread.ts';

const everyMs = 25;
/** The guest's own limit, which reports better, comes first by this many milliseconds. */
const graceMs = 250;

/**
 * Sees a guest that computes without ever being asked whether it may go on: inside one native operation, such as a join of a huge
 * array, the engine asks nobody. Only the thread's time on a core counts. A guest that waits, or whose core is taken by others, is left alone.
 */
export class Watchdog implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #thread: WorkerThread;
  readonly #limitMs: number;
  readonly #onStuck: () => void;
  #beats: number;
  #heard = false;
  #busyAtBeat: number;
  #silentLooks = 0;
  #asking = false;
  #disposed = false;

  /** `beats` were counted before the guest came to the thread. */
  constructor(thread: WorkerThread, beats: number, cpuLimitMs: number, onStuck: () => void) {
    this.#thread = thread;
    this.#limitMs = cpuLimitMs + graceMs;
    this.#onStuck = onStuck;
    this.#beats = beats;
    this.#busyAtBeat = thread.busyMs();
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** Milliseconds in which the thread was not idle since the guest's last sign of life: at least as many as it computed. */
  get silentMs(): number {
    return this.#thread.busyMs() - this.#busyAtBeat;
  }

  #look(): void {
    const { beats, cpuMs } = this.#thread.heartbeat.read();
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#heard = true;
      this.#silentLooks = 0;
      this.#busyAtBeat = this.#thread.busyMs();
      return;
    }
    this.#silentLooks += 1;
    // What it costs to know more is paid only where there is a suspicion.
    if (this.#heard && !this.#asking && cpuMs + this.silentMs > this.#limitMs) void this.#examine();
  }

  async #examine(): Promise<void> {
    this.#asking = true;
    const total = await this.#thread.cpuMs();
    this.#asking = false;
    const { beats, cpuMs, threadMs } = this.#thread.heartbeat.read();
    if (this.#disposed || beats !== this.#beats) return;
    // Where nobody can tell the thread's time, looks that this thread was on a core for itself stand in: fewer than there was time, on a machine that is too busy for both.
    const silentMs = total === undefined ? Math.min(this.silentMs, this.#silentLooks * everyMs) : total - threadMs;
    if (cpuMs + silentMs > this.#limitMs) this.#onStuck();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearInterval(this.#timer);
  }
}
