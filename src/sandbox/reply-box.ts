import { Lookout } from './lookout.ts';
import { Mailbox, mailboxBytes } from './mailbox.ts';
import type { FromWorker } from './protocol.ts';

const fields = 3;
const lookedForField = 0;
const postedField = 1;
const heardField = 2;
const mailboxAt = fields * Int32Array.BYTES_PER_ELEMENT;

export const replyBoxBytes = mailboxAt + mailboxBytes;

/**
 * Milliseconds that the host looks out for, at most: until a program that was just handed over makes calls or is through, until one that was answered makes its next ones, and until its memory
 * was put back.
 */
const patience = { program: 1, answers: 0.4, memory: 0.3 } as const;

/**
 * The worker's side of the way back. To wake the host takes longer than a small program needs; a host that is looking is told through shared memory. Whatever does not fit in there is a
 * message, and so is everything for a host that has not heard all messages yet: nothing overtakes anything.
 */
export class ReplySlot {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;

  constructor(memory: SharedArrayBuffer, start: number) {
    this.#cells = new Int32Array(memory, start, fields);
    this.#mailbox = new Mailbox(memory, start + mailboxAt);
  }

  /** Whether the host is looking, and has heard all that was said. */
  get isAwaited(): boolean {
    return Atomics.load(this.#cells, lookedForField) !== 0 && Atomics.load(this.#cells, heardField) === this.#cells[postedField] && !this.#mailbox.isFull;
  }

  /** Returns whether the host is sure to find it; otherwise it must be posted. */
  put(message: FromWorker): boolean {
    if (!this.isAwaited) return false;
    if (message.type === 'calls') return this.#leave(message.count, message.json);
    return message.type === 'ended' && this.#leave(0, JSON.stringify(message));
  }

  /** Ahead of each message. */
  posts(): void {
    Atomics.add(this.#cells, postedField, 1);
  }

  #leave(count: number, json: string): boolean {
    if (!this.#mailbox.put({ guest: 0, count, id: 0, json })) return false;
    // The host may have looked for the last time in between.
    return Atomics.load(this.#cells, lookedForField) !== 0 || !this.#mailbox.takeBack();
  }
}

export interface ReplyBoxOptions {
  readonly hear: (message: FromWorker) => void;
  /** Whether the host has no other worker to hear: looking for one keeps it from all others. */
  readonly mayLook: () => boolean;
}

/** The host's side: looks out for what is sure to come soon, each time from its event loop, in which everything else has its turn in between. */
export class ReplyBox {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;
  readonly #options: ReplyBoxOptions;
  readonly #lookouts = { program: new Lookout(patience.program), answers: new Lookout(patience.answers), memory: new Lookout(patience.memory) };
  #isExpecting = false;

  constructor(memory: SharedArrayBuffer, start: number, options: ReplyBoxOptions) {
    this.#cells = new Int32Array(memory, start, fields);
    this.#mailbox = new Mailbox(memory, start + mailboxAt);
    this.#options = options;
  }

  /** The worker was given something, and will say what has come of it. */
  expect(what: 'program' | 'answers'): void {
    const lookout = this.#lookouts[what];
    if (this.#isExpecting || !this.#options.mayLook() || !lookout.isDue()) return;
    this.#isExpecting = true;
    Atomics.store(this.#cells, lookedForField, 1);
    setImmediate(() => {
      lookout.lookNow(() => this.#mailbox.isFull || Atomics.load(this.#cells, postedField) !== this.#cells[heardField]);
      this.#isExpecting = false;
      Atomics.store(this.#cells, lookedForField, 0);
      this.takeMail();
    });
  }

  /** Calls `then` once `hasCome`, or a moment later. */
  expectMemory(hasCome: () => boolean, then: () => void): void {
    const lookout = this.#lookouts.memory;
    if (hasCome() || !this.#options.mayLook() || !lookout.isDue()) {
      then();
      return;
    }
    setImmediate(() => {
      lookout.lookNow(hasCome);
      then();
    });
  }

  /** Ahead of each message that is heard: what lies in the box was said before it was posted. */
  hears(): void {
    this.takeMail();
    Atomics.add(this.#cells, heardField, 1);
  }

  takeMail(): void {
    const mail = this.#mailbox.take(0);
    if (mail === undefined) return;
    const message: FromWorker = mail.count > 0 ? { type: 'calls', count: mail.count, json: mail.json } : JSON.parse(mail.json);
    this.#options.hear(message);
  }
}
