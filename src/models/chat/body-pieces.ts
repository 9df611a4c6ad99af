import type { IncomingMessage } from 'node:http';

/** Pieces that may wait for their reader before the connection is held up. */
const mayWait = 16;

/**
 * The body of an answer, piece by piece. A stream's own iterator costs more than a short answer is worth, and breaks the connection when its reader stops before
 * the last byte. `over` is what is thrown for more than `limit` bytes.
 */
export class BodyPieces {
  readonly #message: IncomingMessage;
  readonly #waiting: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(message: IncomingMessage, limit: number, over: () => Error) {
    this.#message = message;
    const fail = (error: unknown) => {
      this.#failure ??= { error };
      this.#wake?.();
    };
    message.on('data', (piece: Buffer) => {
      this.#bytes += piece.length;
      if (this.#bytes > limit) return void message.destroy(over());
      this.#waiting.push(piece);
      if (this.#waiting.length >= mayWait) message.pause();
      this.#wake?.();
    });
    message.on('error', fail);
    message.once('end', () => {
      this.#ended = true;
      this.#wake?.();
    });
    message.once('close', () => {
      if (!this.#ended) fail(new Error('The connection was closed.'));
    });
  }

  /** The next piece, `undefined` after the last one. Rejects where the body breaks off. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece !== undefined) {
        if (this.#waiting.length === 0) this.#message.resume();
        return piece;
      }
      if (this.#failure) throw this.#failure.error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The whole of a short body, as text. */
  async text(): Promise<string> {
    const pieces: Buffer[] = [];
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  }

  /** The reader has all that it wants, and the body is about to end: the connection can be used again unless it does not end. */
  leave(): void {
    if (this.#ended) return;
    const timer = setTimeout(() => this.#message.destroy(), 1000);
    timer.unref();
    this.#message.once('close', () => clearTimeout(timer));
    this.#message.removeAllListeners('data').resume();
  }

  /** Ends the connection, unless the body has ended. */
  break(): void {
    if (!this.#ended) this.#message.destroy();
  }
}
