import { availableParallelism } from 'node:os';

const fields = 2;
const ringField = 0;
const threadField = 1;
/** For so long the worker looks before it sleeps: being woken takes as long as the host takes to answer. On a single core the host could not answer meanwhile. */
const alertMs = availableParallelism() > 1 ? 0.05 : 0;
/** The same where the last answer came within this time: then the next one probably does. */
const hopefulMs = 4 * alertMs;
/** Afterwards the worker goes back to its event loop, where waiting costs nothing. */
const patienceMs = 1;

/** Memory that host and worker share beside their messages: how often the host has written, and which of the system's threads the worker is. */
export function newDoorbell(): SharedArrayBuffer {
  return new SharedArrayBuffer(fields * Int32Array.BYTES_PER_ELEMENT);
}

/** Wakes a worker that waits at its door for a message, which must have been posted already. */
export function ring(doorbell: SharedArrayBuffer): void {
  const cells = new Int32Array(doorbell);
  Atomics.add(cells, ringField, 1);
  Atomics.notify(cells, ringField);
}

export function threadBehind(doorbell: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(doorbell), threadField);
}

/** The worker's side of it. */
export class Door {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  #alertMs = alertMs;

  constructor(doorbell: SharedArrayBuffer, thread: number) {
    this.#cells = new Int32Array(doorbell);
    Atomics.store(this.#cells, threadField, thread);
  }

  /** Takes in messages for as long as somebody waits for one, or a first one is expected, and the next comes soon. `takeIn` returns whether there was one. */
  attend(waits: () => 'answer' | 'guest' | undefined, takeIn: () => boolean): void {
    for (let what = waits(); what !== undefined; what = waits()) {
      // Read ahead of the look at the messages: a ring between the two ends the wait at once.
      const rings = Atomics.load(this.#cells, ringField);
      if (takeIn()) continue;
      const began = performance.now();
      if (what === 'answer' && this.#ringsUntil(began + this.#alertMs, rings)) continue;
      const woken = Atomics.wait(this.#cells, ringField, rings, patienceMs) !== 'timed-out';
      this.#alertMs = performance.now() - began < hopefulMs ? hopefulMs : alertMs;
      if (!woken) return;
    }
  }

  #ringsUntil(until: number, rings: number): boolean {
    while (performance.now() < until) if (Atomics.load(this.#cells, ringField) !== rings) return true;
    return false;
  }
}
