/** Answers to calls of one guest. */
export interface Mail {
  /** The how-many-th of its thread the guest is. */
  readonly guest: number;
  readonly count: number;
  readonly id: number;
  readonly json: string;
}

const fields = 5;
const fullField = 0;
const guestField = 1;
const countField = 2;
const idField = 3;
const lengthField = 4;
const cellBytes = fields * Int32Array.BYTES_PER_ELEMENT;
/** Characters that fit; longer answers travel as messages. */
const roomBytes = 4096;

export const mailboxBytes = cellBytes + roomBytes;

/**
 * A place in shared memory for one batch of answers: to write it there and to read it takes a fraction of what a message takes on each side. Only plain ASCII fits,
 * a byte for each character. The host puts, the worker takes, and `full` says whose turn it is.
 */
export class Mailbox {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Buffer<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer, start: number) {
    this.#cells = new Int32Array(memory, start, fields);
    this.#bytes = Buffer.from(memory, start + cellBytes, roomBytes);
  }

  get isFull(): boolean {
    return Atomics.load(this.#cells, fullField) === 1;
  }

  /** The host's. Returns whether it fitted. */
  put({ guest, count, id, json }: Mail): boolean {
    if (json.length > roomBytes || Atomics.load(this.#cells, fullField) !== 0 || Buffer.byteLength(json) !== json.length) return false;
    this.#bytes.write(json, 'latin1');
    this.#cells[guestField] = guest;
    this.#cells[countField] = count;
    this.#cells[idField] = id;
    this.#cells[lengthField] = json.length;
    Atomics.store(this.#cells, fullField, 1);
    return true;
  }

  /** The host's. What lies there for the same guest, taken back, with more answers behind it; `undefined` where nothing does, or both would not fit. */
  takeBackWith({ guest, count, json }: Mail): Mail | undefined {
    const { [guestField]: addressee = 0, [countField]: before = 0, [lengthField]: length = 0 } = this.#cells;
    if (addressee !== guest || length + json.length > roomBytes || !this.isFull) return undefined;
    const there = this.#bytes.toString('latin1', 0, length);
    if (!this.takeBack()) return undefined;
    return { guest, count: before + count, id: 0, json: `${there.slice(0, -1)},${json.slice(1)}` };
  }

  /** The host's. Returns whether it was still there. */
  takeBack(): boolean {
    if (Atomics.compareExchange(this.#cells, fullField, 1, 0) !== 1) return false;
    this.#bytes.fill(0, 0, this.#cells[lengthField]);
    return true;
  }

  /** The worker's. What was meant for a guest before this one is thrown away, what is meant for one after it stays. */
  take(guest: number): Mail | undefined {
    // Claimed before it is read: the host may take it back and put something else there.
    if (Atomics.compareExchange(this.#cells, fullField, 1, 2) !== 1) return undefined;
    const { [guestField]: addressee = 0, [countField]: count = 0, [idField]: id = 0, [lengthField]: length = 0 } = this.#cells;
    if (addressee > guest) {
      Atomics.store(this.#cells, fullField, 1);
      return undefined;
    }
    const json = this.#bytes.toString('latin1', 0, length);
    this.#bytes.fill(0, 0, length);
    Atomics.store(this.#cells, fullField, 0);
    return addressee === guest ? { guest, count, id, json } : undefined;
  }
}
