/** Splits a byte stream into lines of bounded length. Chunks are joined once per line, so that a long line costs linear time. */
export class LineReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes, without their ends. Throws `RangeError` once a line is longer than allowed. */
  *push(chunk: Buffer): Generator<string> {
    let begin = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, begin)) {
      this.#keep(chunk.subarray(begin, end));
      begin = end + 1;
      yield this.#take();
    }
    this.#keep(chunk.subarray(begin));
  }

  /** What stands after the last line end. */
  rest(): string {
    return this.#take();
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length > this.#maxBytes) throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
    this.#parts.push(part);
  }

  #take(): string {
    const line = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return line.toString('utf8').replace(/\r$/, '');
  }
}
