import { Lookout } from './lookout.ts';
import { Mailbox, mailboxBytes } from './mailbox.ts';
import type { FromWorker } from './protocol.ts';

const fields = 3;
const hostField = 0;
const postedField = 1;
const heardField = 2;
const mailboxAt = fields * Int32Array.BYTES_PER_ELEMENT;

/** What the host does: it is in its event loop, or at its box. */
const host = { away: 0, awake: 1, asleep: 2 } as const;

export const replyBoxBytes = mailboxAt + mailboxBytes;

/** Milliseconds that the host looks out for, at most: until a program that was just handed over makes calls or is through, and until one that was answered makes its next ones. */
const patience = { program: 1, answers: 0.4 } as const;
/** So much of it is spent awake. No program is through in the time that it takes to fall asleep; the next call of one often is there. */
const awake = { program: 0, answers: 0.05 } as const;
/** Not every thread may sleep: it is for whoever embeds V8 to say. */
const maySleep = canSleep();

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
    return Atomics.load(this.#cells, hostField) !== host.away && Atomics.load(this.#cells, heardField) === this.#cells[postedField] && !this.#mailbox.isFull;
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
    this.#wake();
  }

  #leave(count: number, json: string): boolean {
    if (!this.#mailbox.put({ guest: 0, count, id: 0, json })) return false;
    this.#wake();
    // The host may have looked for the last time in between.
    return Atomics.load(this.#cells, hostField) !== host.away || !this.#mailbox.takeBack();
  }

  #wake(): void {
    if (Atomics.compareExchange(this.#cells, hostField, host.asleep, host.awake) === host.asleep) Atomics.notify(this.#cells, hostField);
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
  readonly #lookouts = { program: new Lookout(patience.program, awake.program), answers: new Lookout(patience.answers, awake.answers) };
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
    Atomics.store(this.#cells, hostField, host.awake);
    setImmediate(() => {
      const hasCome = () => this.#mailbox.isFull || Atomics.load(this.#cells, postedField) !== this.#cells[heardField];
      lookout.lookNow(hasCome, maySleep ? (ms) => this.#sleep(hasCome, ms) : undefined);
      this.#isExpecting = false;
      Atomics.store(this.#cells, hostField, host.away);
      this.takeMail();
    });
  }

  /** Until the worker says something, and so long at most. */
  #sleep(hasCome: () => boolean, ms: number): void {
    Atomics.store(this.#cells, hostField, host.asleep);
    // Whoever said something just before this did not wake anybody.
    if (!hasCome()) Atomics.wait(this.#cells, hostField, host.asleep, ms);
    Atomics.store(this.#cells, hostField, host.awake);
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

function canSleep(): boolean {
  try {
    // A time of none: what is asked for is whether it throws.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
