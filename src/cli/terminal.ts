import { colours, noColours, type Style } from './style.ts';

export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Takes away what stands in the line. */
export const clearLine = '\r\u001B[2K';
const plainWidth = 100;
const maxWidth = 120;

/** Where a command writes: its result to standard output, everything about how it went to standard error. */
export class Terminal {
  readonly stdin: NodeJS.ReadStream;
  /** A person is there to see what goes on and to answer. Under CI nobody is, whatever the streams say. */
  readonly interactive: boolean;
  /** The line that was written last can be written anew, as a spinner does. A screen reader or an editor's shell that calls itself dumb would print each step of it. */
  readonly rewrites: boolean;
  readonly style: Style;
  readonly width: number;
  readonly #options: TerminalOptions;
  /** A line stands there that is drawn anew again and again. */
  #drawn = false;

  constructor(options: TerminalOptions) {
    const { stdout, stderr, stdin, env } = options;
    this.#options = options;
    this.stdin = stdin;
    this.interactive = stderr.isTTY === true && !env['CI'];
    this.rewrites = this.interactive && env['TERM'] !== 'dumb';
    this.style = this.rewrites && !env['NO_COLOR'] ? colours : noColours;
    this.width = Math.min(maxWidth, Math.max(40, stderr.columns ?? stdout.columns ?? plainWidth));
  }

  /** A person may be asked: both ends are terminals. */
  get canAsk(): boolean {
    return this.interactive && this.stdin.isTTY === true;
  }

  result(...lines: readonly string[]): void {
    for (const line of lines) this.#options.stdout.write(`${line}\n`);
  }

  json(value: unknown): void {
    this.#options.stdout.write(`${JSON.stringify(value)}\n`);
  }

  note(...lines: readonly string[]): void {
    if (this.#drawn && lines.length > 0) this.raw(clearLine);
    for (const line of lines) this.#options.stderr.write(`${line}\n`);
  }

  /** Without a line break: for lines that are drawn anew again and again. */
  raw(text: string): void {
    this.#drawn = !text.endsWith(clearLine);
    this.#options.stderr.write(text);
  }
}
