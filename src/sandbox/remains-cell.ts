import type { Restored } from './memory-image.ts';

const fields = 3;
const stateField = 0;
const bytesField = 1;
const changedField = 2;
/** Sizes are told in these, so that the largest memory fits. */
const unit = 1024;

const state = { nothing: 0, left: 1, wanted: 2 } as const;

export const remainsBytes = fields * Int32Array.BYTES_PER_ELEMENT;

/**
 * Where a worker leaves word that a guest's memory was put back. The host, which has something to do first, finds it there and need not be woken a second time
 * for each guest; if it comes too early it says so, and gets a message.
 */
export class RemainsCell {
  readonly #cells: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer, start: number) {
    this.#cells = new Int32Array(memory, start, fields);
  }

  /** The worker's. Returns false where the host waits for the message. */
  leave({ bytes, changedBytes }: Restored): boolean {
    this.#cells[bytesField] = bytes / unit;
    this.#cells[changedField] = changedBytes / unit;
    if (Atomics.compareExchange(this.#cells, stateField, state.nothing, state.left) === state.nothing) return true;
    this.forget();
    return false;
  }

  /** The host's: what was left, or `undefined`, and then it is told by a message. The worker's, once nobody has taken it for a while. */
  take(isHost: boolean): Restored | undefined {
    if (Atomics.compareExchange(this.#cells, stateField, state.left, state.nothing) === state.left) return this.#restored();
    if (!isHost || Atomics.compareExchange(this.#cells, stateField, state.nothing, state.wanted) !== state.left) return undefined;
    return this.take(isHost);
  }

  get isLeft(): boolean {
    return Atomics.load(this.#cells, stateField) === state.left;
  }

  /** The worker's, where something else became of the guest. */
  forget(): void {
    Atomics.store(this.#cells, stateField, state.nothing);
  }

  #restored(): Restored {
    return { bytes: this.#cells[bytesField]! * unit, changedBytes: this.#cells[changedField]! * unit };
  }
}
