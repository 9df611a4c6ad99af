import { StringDecoder } from 'node:string_decoder';

/** Takes server-sent events apart, piece by piece as they come. Only their data counts here; names, ids and comments are passed over. */
export class SseData {
  readonly #decoder = new StringDecoder('utf8');
  /** The beginning of a line that has not ended yet. */
  #rest = '';
  /** A line ended with a carriage return, which may be the first half of its end. */
  #return = false;
  #begun = false;
  #lines: string[] = [];

  /** The data of the events that this piece has completed. */
  take(piece: Uint8Array): readonly string[] {
    const decoded = this.#decoder.write(piece);
    let text = this.#return && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    if (decoded !== '') this.#return = decoded.endsWith('\r');
    if (!this.#begun && text !== '') {
      this.#begun = true;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    // A long line comes in many pieces: what is known to hold no end of a line is not searched again.
    const found: string[] = [];
    let from = 0;
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
      this.#line(this.#rest + text.slice(from, index), found);
      this.#rest = '';
      from = index + end.length;
    }
    this.#rest += text.slice(from);
    return found;
  }

  #line(line: string, found: string[]): void {
    if (line === '') {
      if (this.#lines.length > 0) found.push(this.#lines.join('\n'));
      this.#lines = [];
    } else if (line.startsWith('data:')) this.#lines.push(line.slice(line.startsWith('data: ') ? 6 : 5));
  }
}
