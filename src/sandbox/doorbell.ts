import { Mailbox, mailboxBytes, type Mail } from './mailbox.ts';

const fields = 4;
const ringField = 0;
const threadField = 1;
const postedField = 2;
const attendingField = 3;
const cellBytes = fields * Int32Array.BYTES_PER_ELEMENT;
/** Milliseconds after which the worker goes back to its event loop, where it also hears its timers. */
const patienceMs = 1;
/** So long it looks for an answer before it sleeps, where that has paid off. */
const lookMs = 0.05;
/** After looks in vain so many waits go without one, at most. */
const maxWithoutLook = 255;

/** Memory that host and worker share beside their messages. */
export function newDoorbell(): SharedArrayBuffer {
  return new SharedArrayBuffer(cellBytes + mailboxBytes);
}

/** The host's side: wakes a worker that waits at its door, and puts into its box what would take longer as a message. */
export class DoorbellButton {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;

  constructor(doorbell: SharedArrayBuffer) {
    this.#cells = new Int32Array(doorbell, 0, fields);
    this.#mailbox = new Mailbox(doorbell, cellBytes);
  }

  /** The system's number of the worker's thread. */
  get thread(): number {
    return Atomics.load(this.#cells, threadField);
  }

  /** A message was posted. */
  posted(): void {
    Atomics.add(this.#cells, postedField, 1);
    this.#ring();
  }

  /** Whether the worker has the mail, or is sure to find it; otherwise it must be posted as a message. */
  put(mail: Mail): boolean {
    if (Atomics.load(this.#cells, attendingField) === 0 || !this.#mailbox.put(mail)) return false;
    // It may have gone away from its door in between, and have looked into the box for the last time before.
    if (Atomics.load(this.#cells, attendingField) === 0 && this.#mailbox.takeBack()) return false;
    this.#ring();
    return true;
  }

  #ring(): void {
    Atomics.add(this.#cells, ringField, 1);
    Atomics.notify(this.#cells, ringField);
  }
}

export interface Visitor {
  /** Whether a message is to be expected, and nothing else has to be done meanwhile. */
  readonly isDue: () => boolean;
  /** Whether it may come within microseconds: an answer may, a next program hardly. */
  readonly isNear: () => boolean;
  /** Takes in the next message that was posted. Returns whether there was one. */
  readonly takeIn: () => boolean;
  readonly mail: (mail: Mail) => void;
}

/** The worker's side of it. */
export class Door {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;
  readonly #visitor: Visitor;
  #taken = 0;
  /** The how-many-th guest of this thread is in: mail for one that is gone is thrown away, and for one that is still to come left alone. */
  #guest = 0;
  #withoutLook = 0;
  #penalty = 0;

  constructor(doorbell: SharedArrayBuffer, thread: number, visitor: Visitor) {
    this.#cells = new Int32Array(doorbell, 0, fields);
    this.#mailbox = new Mailbox(doorbell, cellBytes);
    this.#visitor = visitor;
    Atomics.store(this.#cells, threadField, thread);
  }

  /** To be called for each message, before it is heard. */
  messageTaken(bringsGuest: boolean): void {
    this.#taken += 1;
    Atomics.store(this.#cells, attendingField, 1);
    // What was put into the box before this was posted comes first.
    this.#takeMail();
    if (bringsGuest) this.#guest += 1;
  }

  /** Takes in messages and mail for as long as they are due and come soon. */
  attend(): void {
    do {
      Atomics.store(this.#cells, attendingField, 1);
      this.#waitFor();
      Atomics.store(this.#cells, attendingField, 0);
    } while (this.#takeMail());
  }

  #waitFor(): void {
    const { isDue, takeIn } = this.#visitor;
    while (isDue()) {
      // Read ahead of the looks: a ring between the two ends the wait at once.
      const rings = Atomics.load(this.#cells, ringField);
      if (this.#takeMail()) continue;
      if (Atomics.load(this.#cells, postedField) > this.#taken && takeIn()) continue;
      if (this.#comesAtOnce(rings)) continue;
      if (Atomics.wait(this.#cells, ringField, rings, patienceMs) === 'timed-out') return;
    }
  }

  /**
   * Looks out for a ring. To be woken takes longer than most answers, where the host has a processor of its own; where both share one, or an answer takes its
   * time, looking only keeps the host from answering. Which it is shows, and changes: looks in vain make the next ones rare, one that pays off makes them frequent.
   */
  #comesAtOnce(rings: number): boolean {
    if (!this.#visitor.isNear()) return false;
    if (this.#withoutLook > 0) {
      this.#withoutLook -= 1;
      return false;
    }
    const until = performance.now() + lookMs;
    while (Atomics.load(this.#cells, ringField) === rings) {
      if (performance.now() < until) continue;
      this.#penalty = Math.min(2 * this.#penalty + 1, maxWithoutLook);
      this.#withoutLook = this.#penalty;
      return false;
    }
    this.#penalty >>= 1;
    return true;
  }

  #takeMail(): boolean {
    const mail = this.#mailbox.take(this.#guest);
    if (mail === undefined) return false;
    this.#visitor.mail(mail);
    return true;
  }
}
