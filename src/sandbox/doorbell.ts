const fields = 2;
const ringField = 0;
const threadField = 1;
/** Milliseconds after which the worker goes back to its event loop, where it also hears its timers. */
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

  constructor(doorbell: SharedArrayBuffer, thread: number) {
    this.#cells = new Int32Array(doorbell);
    Atomics.store(this.#cells, threadField, thread);
  }

  /**
   * Takes in messages for as long as one is due and comes soon. `takeIn` returns whether there was one. It sleeps at once: a thread that looks and looks
   * keeps its processor busy, and waking the host on another one takes longer than all the looking saves.
   */
  attend(isDue: () => boolean, takeIn: () => boolean): void {
    while (isDue()) {
      // Read ahead of the look at the messages: a ring between the two ends the wait at once.
      const rings = Atomics.load(this.#cells, ringField);
      if (!takeIn() && Atomics.wait(this.#cells, ringField, rings, patienceMs) === 'timed-out') return;
    }
  }
}
