import { Lookout } from './lookout.ts';
import { Mailbox, mailboxBytes, type Mail } from './mailbox.ts';
import { replyBoxBytes } from './reply-box.ts';

const fields = 6;
const ringField = 0;
const threadField = 1;
const postedField = 2;
const attendingField = 3;
const announcedField = 4;
const takenField = 5;
const mailboxAt = fields * Int32Array.BYTES_PER_ELEMENT;
/** What the worker says to the host. */
export const repliesAt = mailboxAt + mailboxBytes;
/** Milliseconds after which the worker goes back to its event loop, where it also hears its timers. */
const patienceMs = 1;
/** So long it looks out for an answer before it sleeps. The next program is slept for at once: looking would keep the host from a processor just when it has something to do. */
const answerMs = 0.05;
/** So long where it was told that one is being made ready. */
const nearAnswerMs = 0.1;

/** Memory that host and worker share beside their messages. */
export function newDoorbell(): SharedArrayBuffer {
  return new SharedArrayBuffer(repliesAt + replyBoxBytes);
}

/** The host's side: wakes a worker that waits at its door, and puts into its box what would take longer as a message. */
export class DoorbellButton {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;

  constructor(doorbell: SharedArrayBuffer) {
    this.#cells = new Int32Array(doorbell, 0, fields);
    this.#mailbox = new Mailbox(doorbell, mailboxAt);
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

  /** An answer is being made ready: a worker that sleeps at its door is awake by the time that it is put. */
  announce(): void {
    if (Atomics.load(this.#cells, attendingField) === 0) return;
    Atomics.store(this.#cells, announcedField, 1);
    this.#ring();
  }

  /** Gives the worker answers, or makes sure that it finds them. Returns what must be posted as a message instead. */
  put(mail: Mail): Mail | undefined {
    if (Atomics.load(this.#cells, attendingField) === 0) return mail;
    // While the guest makes calls, answers to those before gather.
    const all = this.#mailbox.takeBackWith(mail) ?? mail;
    if (!this.#mailbox.put(all)) return all;
    // It may have gone away from its door in between, and have looked into the box for the last time before.
    if (Atomics.load(this.#cells, attendingField) === 0 && this.#mailbox.takeBack()) return all;
    this.#ring();
    return undefined;
  }

  /** Gives the worker a program for the guest behind the one of this number. Returns whether it is sure to find it; otherwise it must be posted. */
  putProgram(guest: number, program: () => string): boolean {
    // What was posted comes first: a word that was meant for the guest before it must not reach this one.
    if (Atomics.load(this.#cells, attendingField) === 0 || Atomics.load(this.#cells, takenField) !== Atomics.load(this.#cells, postedField)) return false;
    // Answers that lie there are for a guest that is gone.
    this.#mailbox.takeBack();
    if (!this.#mailbox.put({ guest, count: 0, id: 0, json: program() })) return false;
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
  /** Whether it is an answer that is due, and not the next program. */
  readonly isAnswer: () => boolean;
  /** Takes in the next message that was posted. Returns whether there was one. */
  readonly takeIn: () => boolean;
  readonly answers: (mail: Mail) => void;
  readonly program: (json: string) => void;
}

/** The worker's side of it. */
export class Door {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #mailbox: Mailbox;
  readonly #visitor: Visitor;
  /** The how-many-th guest of this thread is in: mail for one that is gone is thrown away, and for one that is still to come left alone. */
  #guest = 0;
  readonly #answers = new Lookout(answerMs);
  readonly #nearAnswers = new Lookout(nearAnswerMs);

  constructor(doorbell: SharedArrayBuffer, thread: number, visitor: Visitor) {
    this.#cells = new Int32Array(doorbell, 0, fields);
    this.#mailbox = new Mailbox(doorbell, mailboxAt);
    this.#visitor = visitor;
    Atomics.store(this.#cells, threadField, thread);
  }

  /** To be called for each message, before it is heard. */
  messageTaken(bringsGuest: boolean): void {
    Atomics.add(this.#cells, takenField, 1);
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
    const { isDue, isAnswer, takeIn } = this.#visitor;
    while (isDue()) {
      // Read ahead of the looks: a ring between the two ends the wait at once.
      const rings = Atomics.load(this.#cells, ringField);
      if (this.#takeMail()) continue;
      if (Atomics.load(this.#cells, postedField) > Atomics.load(this.#cells, takenField) && takeIn()) continue;
      const lookout = Atomics.exchange(this.#cells, announcedField, 0) === 1 ? this.#nearAnswers : this.#answers;
      if (isAnswer() && lookout.look(() => Atomics.load(this.#cells, ringField) !== rings)) continue;
      if (Atomics.wait(this.#cells, ringField, rings, patienceMs) === 'timed-out') return;
    }
  }

  #takeMail(): boolean {
    const mail = this.#mailbox.take(this.#guest);
    if (mail === undefined) return false;
    if (mail.count > 0) this.#visitor.answers(mail);
    else {
      this.#guest += 1;
      this.#visitor.program(mail.json);
    }
    return true;
  }
}
