const [lineFeed, carriageReturn] = [10, 13];

/** Splits a byte stream into lines of bounded length. Chunks are joined once per line, so that a long line costs linear time. */
export class LineReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Hands over the lines that this chunk completes, without their ends. Throws `RangeError` once a line is longer than allowed. */
  push(chunk: Buffer, onLine: (line: string) => void): void {
    let begin = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, begin)) {
      const part = chunk.subarray(begin, end);
      begin = end + 1;
      onLine(this.#ended(part));
    }
    if (begin < chunk.length) this.#keep(begin === 0 ? chunk : chunk.subarray(begin));
  }

  /** What stands after the last line end. */
  rest(): string {
    return this.#take();
  }

  /** A line that came in one piece, as most do, is read where it lies. */
  #ended(part: Buffer): string {
    if (this.#length === 0 && part.length <= this.#maxBytes) return text(part);
    this.#keep(part);
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
    return text(line);
  }
}

function text(line: Buffer): string {
  return line.toString('utf8', 0, line.at(-1) === carriageReturn ? line.length - 1 : line.length);
}
