import type { ConsoleLevel, ConsoleLine, FromWorker } from './protocol.ts';

/** A guest that computes on and on is heard from at least this often, in milliseconds. */
const lateMs = 20;

/** So many calls are handed over ahead of the others to a host that is looking: it carries them out while the guest makes the rest. */
const callsAhead = 8;

const levels: readonly ConsoleLevel[] = ['debug', 'info', 'warn', 'error'];

/** Collects what a guest says during a turn, so that a thousand lines or calls don't make a thousand messages. */
export class Outbox {
  readonly #post: (message: FromWorker) => void;
  readonly #isAwaited: () => boolean;
  #calls: string[] = [];
  #lines: ConsoleLine[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;

  /** `isAwaited` says whether the host would take in at once what is posted now. */
  constructor(post: (message: FromWorker) => void, isAwaited: () => boolean) {
    this.#post = post;
    this.#isAwaited = isAwaited;
  }

  /** What is inside the brackets of the JSON of one call. */
  call(json: string): void {
    if (this.#calls.push(json) % callsAhead === 0 && this.#isAwaited()) this.flush();
  }

  /** The first line after a silence goes out at once: a guest that is stuck afterwards has still been heard. */
  line(level: string, text: string): void {
    this.#lines.push([levels.find((known) => known === level) ?? 'info', text]);
    this.flushIfLate();
  }

  flushIfLate(): void {
    if (performance.now() - this.#flushedAt > lateMs) this.flush();
  }

  flush(): void {
    this.#flushedAt = performance.now();
    if (this.#lines.length > 0) {
      this.#post({ type: 'console', lines: this.#lines });
      this.#lines = [];
    }
    if (this.#calls.length > 0) {
      this.#post({ type: 'calls', count: this.#calls.length, json: `[[${this.#calls.join('],[')}]]` });
      this.#calls = [];
    }
  }
}
