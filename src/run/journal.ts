import type { Redactor } from '../policy/redact.ts';
import { AssassinError } from '../shared/errors.ts';
import { inlineValueBytes, type Json, type StoredValue } from '../shared/json.ts';
import type { EventBody, JournalEvent } from '../shared/events.ts';
import type { HostIdentity } from '../store/host-identity.ts';
import type { RunStore } from '../store/run-store.ts';

export interface JournalOptions {
  readonly run: string;
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly redactor: Redactor;
  readonly now?: () => number;
  /** The last sequence number already on disk: not 0 where a record is continued after a crash. */
  readonly seq?: number;
}

/** No character takes more than six in JSON. */
const shortText = inlineValueBytes / 6 - 2;
/** Longest time that what was deferred is not on disk yet, in milliseconds. */
const deferMs = 5;

/** Fields of events with ids that were drawn here and words of a closed list: nothing that anybody has said. */
const madeHere: ReadonlySet<string> = new Set(['type', 'step', 'lease', 'status', 'effect', 'outcome']);

/** Appends the events of one run: redacted, numbered, dated and on disk when `append` returns. */
export class Journal {
  readonly #options: JournalOptions;
  #seq: number;
  #closed = false;
  /** Something of the run is in the record. */
  #isRecorded: boolean;
  /** In their order, not yet on disk. */
  #waiting: JournalEvent[] = [];
  /** So many of them are on disk already, ahead of their transaction. */
  #noted = 0;
  /** The last transaction failed: the next leave must have one, so that somebody hears why. */
  #hasFailed = false;
  /** A timer is set that looks at them. */
  #watched = false;
  /** When the first of them was deferred, by the monotonic clock. */
  #since = 0;
  #committing: Promise<void> | undefined;
  readonly #types = new Set<EventBody['type']>();

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#seq = options.seq ?? 0;
    this.#isRecorded = this.#seq > 0;
  }

  append(...bodies: readonly EventBody[]): void {
    this.#write(bodies);
  }

  /**
   * For events that permit nothing: the end of something, a count, the beginning of a step that must still ask the gate. They go to the disk in one transaction with the
   * next `append`, which comes before every effect, or some milliseconds later; a transaction for each would be most of the cost of a turn.
   */
  defer(...bodies: readonly EventBody[]): void {
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#take(bodies);
    if (!this.#watched) this.#watch(deferMs);
  }

  /**
   * As `append`, for a permission whose holder can wait: what many calls record in one turn of the event loop goes to the disk together. Resolves when it is there; throws what `append`
   * throws. It is noted beside the record and comes into it as what was deferred does: a transaction takes as long as a server needs for a small answer.
   */
  commit(...bodies: readonly EventBody[]): Promise<void> {
    this.defer(...bodies);
    this.#committing ??= new Promise((resolve, reject) => {
      // After all that is ready now, before anything is waited for.
      process.nextTick(() => {
        this.#committing = undefined;
        try {
          if (!this.#note()) this.flush();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return this.#committing;
  }

  #watch(ms: number): void {
    this.#watched = true;
    setTimeout(() => this.#look(), ms);
  }

  /** Setting the timer anew for each transaction would cost more than to look here whether anything has waited that long. */
  #look(): void {
    this.#watched = false;
    if (this.#waiting.length === 0) return;
    const left = this.#since + deferMs - performance.now();
    if (left > 0.5) return this.#watch(left);
    try {
      this.flush();
    } catch {
      // Nobody hears of it here. The events still wait, and the next effect of the run fails with the reason.
    }
  }

  /** Whether all that waits is on disk, ahead of its transaction. A run that is not on record itself cannot be told by what it was about to do. */
  #note(): boolean {
    if (this.#noted === this.#waiting.length) return true;
    const { store, host } = this.#options;
    if (this.#hasFailed || !this.#isRecorded || !store.note(this.#waiting.slice(this.#noted), host)) return false;
    this.#noted = this.#waiting.length;
    return true;
  }

  /** What was deferred is on record afterwards. */
  flush(): void {
    if (this.#waiting.length > 0) this.#write([]);
  }

  /** Numbered, dated and clean, at the end of what waits. */
  #take(bodies: readonly EventBody[]): void {
    if (this.#closed && bodies.length > 0) throw new AssassinError('cancelled', 'The run has ended; nothing more is recorded.');
    const { redactor, run, now = Date.now } = this.#options;
    const at = now();
    for (const body of bodies) {
      this.#waiting.push({ ...redactor.redactRecord(body, madeHere), run, seq: ++this.#seq, at });
      if (body.type !== 'decision' || body.outcome === 'denied') this.#types.add(body.type);
    }
  }

  #write(bodies: readonly EventBody[]): void {
    const { store, host } = this.#options;
    const before = this.#waiting.length;
    this.#take(bodies);
    const events = this.#waiting;
    // Before the listeners of the store hear of them: one that records something itself must not find them waiting still.
    const noted = this.#noted;
    this.#waiting = [];
    this.#noted = 0;
    try {
      store.append(events, host);
      this.#isRecorded = true;
      this.#hasFailed = false;
    } catch (error) {
      // What was deferred waits on; what was to be appended is not on record, and its numbers are free again.
      this.#waiting = events.slice(0, before);
      this.#noted = noted;
      this.#hasFailed = true;
      this.#seq -= events.length - before;
      throw error;
    }
  }

  /** Whether such an event was recorded here, of decisions one that denied: what there is none of need not be looked for among thousands. */
  holds(type: EventBody['type']): boolean {
    return this.#types.has(type);
  }

  /**
   * After the terminal event: work that nobody awaited must not write behind it. Where that event could not be written, what waits before it is given up too: it
   * would be the beginning of a run that never ends.
   */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#noted = 0;
  }

  /** Keeps a small value inline, and a large one in a blob with its beginning as preview. */
  value(value: Json | undefined): StoredValue {
    const { run, store, redactor } = this.#options;
    const clean = redactor.redactFresh({ json: value ?? null });
    // A short text needs no look at how long it is in JSON.
    if (typeof clean.json === 'string' && clean.json.length < shortText) return clean;
    const text = JSON.stringify(clean.json);
    if (text.length <= inlineValueBytes) return clean;
    const bytes = new TextEncoder().encode(text);
    return { blob: store.putBlob(run, bytes, 'application/json'), bytes: bytes.length, mediaType: 'application/json', preview: text.slice(0, 500) };
  }

  /** Plain data without the secrets that are known, for what leaves the run by another way than its record. */
  redact<T>(value: T): T {
    return this.#options.redactor.redactJson(value);
  }

  /** As `redact`, for data that nobody changes and that goes out again and again. */
  redactOnce<T extends object>(value: T): T {
    return this.#options.redactor.redactOnce(value);
  }

  /** Stores bytes such as a screenshot; a `Blob` of the journal, never inline. Text is redacted, anything else is kept as it is. */
  bytes(bytes: Uint8Array, mediaType: string): Extract<StoredValue, { blob: string }> {
    const { run, store, redactor } = this.#options;
    const clean = /^text\/|[/+]json\b/.test(mediaType) ? new TextEncoder().encode(redactor.redact(new TextDecoder().decode(bytes))) : bytes;
    return { blob: store.putBlob(run, clean, mediaType), bytes: clean.length, mediaType, preview: '' };
  }
}
