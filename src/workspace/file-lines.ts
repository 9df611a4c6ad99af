/** The lines of a text, worked out once for all edits of it: a file may have 20,000 of them, and an edit that is wrong looks at each several times. */
export class FileLines {
  readonly text: string;
  #lines: readonly string[] | undefined;
  #plain: readonly string[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** With their line ends. */
  get lines(): readonly string[] {
    return (this.#lines ??= linesOf(this.text));
  }

  /** As they are compared where white space does not count. */
  get plain(): readonly string[] {
    return (this.#plain ??= this.lines.map(plain));
  }
}

/** Lines with their line ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

export function plain(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
