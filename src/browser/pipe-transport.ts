import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer-core/internal/puppeteer-core-browser.js';

/**
 * Chromium's debugging protocol over two inherited pipes: no port that another program could connect to, and a browser that ends by
 * itself when the pipe closes, even if this program was killed. Messages end with a zero byte.
 */
export class PipeTransport implements ConnectionTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #write: Writable;
  readonly #read: Readable;
  #parts: Buffer[] = [];
  #closed = false;

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    this.#read = read;
    read.on('data', (chunk: Buffer) => this.#receive(chunk));
    read.on('close', () => this.#end());
    // A browser that dies breaks the pipe in the middle of a message; its end is reported by `close`.
    read.on('error', () => undefined);
    write.on('error', () => undefined);
  }

  send(message: string): void {
    if (!this.#closed) this.#write.write(`${message}\0`);
  }

  close(): void {
    this.#read.destroy();
    this.#write.destroy();
    this.#end();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }

  #receive(chunk: Buffer): void {
    let from = 0;
    for (let zero = chunk.indexOf(0); zero >= 0; zero = chunk.indexOf(0, from)) {
      const message = Buffer.concat([...this.#parts, chunk.subarray(from, zero)]).toString('utf8');
      this.#parts = [];
      from = zero + 1;
      // One turn of the event loop each, so that a burst of events cannot hold up the host.
      setImmediate(() => this.onmessage?.(message));
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }
}
