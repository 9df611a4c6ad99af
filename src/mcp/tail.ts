const maxLine = 500;

/** The last lines that a server wrote to its error stream: what a person needs to see when it fails. */
export class Tail {
  readonly #max: number;
  readonly #lines: string[] = [];

  constructor(max = 20) {
    this.#max = max;
  }

  add(line: string): void {
    if (line.trim() === '') return;
    this.#lines.push(clip(line, maxLine));
    if (this.#lines.length > this.#max) this.#lines.shift();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** Shortens a text for a message and takes control characters out of it: a terminal would obey them. */
export function clip(text: string, max: number): string {
  // oxlint-disable-next-line eslint/no-control-regex
  const clean = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
  return clean.length <= max ? clean : `${clean.slice(0, max)}...`;
}
