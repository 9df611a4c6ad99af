import type { Redactor } from '../policy/redact.ts';
import { AssassinError } from '../shared/errors.ts';
import { inlineValueBytes, type Json, type StoredValue } from '../shared/json.ts';
import type { EventBody, JournalEvent } from '../shared/events.ts';
import type { HostIdentity, RunStore } from '../store/run-store.ts';

export interface JournalOptions {
  readonly run: string;
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly redactor: Redactor;
  readonly now?: () => number;
  /** The last sequence number already on disk: not 0 where a record is continued after a crash. */
  readonly seq?: number;
}

/** Appends the events of one run: redacted, numbered, dated and on disk when `append` returns. */
export class Journal {
  readonly #options: JournalOptions;
  #seq: number;
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#seq = options.seq ?? 0;
  }

  append(...bodies: readonly EventBody[]): void {
    if (this.#closed) throw new AssassinError('cancelled', 'The run has ended; nothing more is recorded.');
    const { run, store, host, redactor, now = Date.now } = this.#options;
    const at = now();
    const events = bodies.map((body, i) => ({ ...redactor.redactJson(body), run, seq: this.#seq + 1 + i, at }) as JournalEvent);
    store.append(events, host);
    this.#seq += events.length;
  }

  /** After the terminal event: work that nobody awaited must not write behind it. */
  close(): void {
    this.#closed = true;
  }

  /** Puts a value inline where it is small, else into a blob with its first lines as preview. */
  value(value: Json | undefined): StoredValue {
    const { run, store, redactor } = this.#options;
    const clean = redactor.redactJson(value ?? null);
    const text = JSON.stringify(clean);
    if (text.length <= inlineValueBytes) return { json: clean };
    const bytes = new TextEncoder().encode(text);
    return { blob: store.putBlob(run, bytes, 'application/json'), bytes: bytes.length, mediaType: 'application/json', preview: text.slice(0, 500) };
  }

  /** Plain data without the secrets that are known, for what leaves the run by another way than its record. */
  redact<T>(value: T): T {
    return this.#options.redactor.redactJson(value);
  }

  /** Stores bytes such as a screenshot; a `Blob` of the journal, never inline. Text is redacted, anything else is kept as it is. */
  bytes(bytes: Uint8Array, mediaType: string): Extract<StoredValue, { blob: string }> {
    const { run, store, redactor } = this.#options;
    const clean = /^text\/|[/+]json\b/.test(mediaType) ? new TextEncoder().encode(redactor.redact(new TextDecoder().decode(bytes))) : bytes;
    return { blob: store.putBlob(run, clean, mediaType), bytes: clean.length, mediaType, preview: '' };
  }
}
