import { setImmediate } from 'node:timers/promises';

/** So long may one piece of work keep the event loop, milliseconds. */
const sliceMs = 8;

/** Cuts long work into pieces between which the event loop has its turn: call `turn` after each small part of it. */
export class Slices {
  #began = performance.now();

  async turn(): Promise<void> {
    if (performance.now() - this.#began < sliceMs) return;
    await setImmediate();
    this.#began = performance.now();
  }
}
