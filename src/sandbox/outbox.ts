import type { ConsoleLevel, ConsoleLine, FromWorker } from './protocol.ts';

/** A guest that computes on and on is heard from at least this often, in milliseconds. */
const lateMs = 20;

const levels: readonly ConsoleLevel[] = ['debug', 'info', 'warn', 'error'];

/** Collects what a guest says during a turn, so that a thousand lines or calls don't make a thousand messages. */
export class Outbox {
  readonly #post: (message: FromWorker) => void;
  #calls: string[] = [];
  #lines: ConsoleLine[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  /** The JSON of one call. */
  call(json: string): void {
    this.#calls.push(json);
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
    if (this.#lines.length > 0) this.#post({ type: 'console', lines: this.#lines });
    if (this.#calls.length > 0) this.#post({ type: 'calls', count: this.#calls.length, json: `[${this.#calls.join(',')}]` });
    this.#lines = [];
    this.#calls = [];
  }
}
