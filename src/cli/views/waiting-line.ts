import { clearLine, type Terminal } from '../terminal.ts';
import { clip, oneLine } from '../text.ts';

const redrawMs = 1000;
const namedAtMost = 3;

/** Which MCP servers have not answered yet, in one line of the terminal that goes away by itself; said once where lines cannot be written anew, and nothing where nobody watches. */
export class WaitingLine implements Disposable {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  /** Name to how long it may take, milliseconds, and since when. */
  readonly #servers = new Map<string, { readonly limitMs: number; readonly since: number }>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    if (!terminal.rewrites) return;
    this.#timer = setInterval(() => this.#draw(), redrawMs).unref();
  }

  /** One more is waited for, until what is returned is disposed of. @param limitMs after so many milliseconds it is given up */
  add(server: string, limitMs: number): Disposable {
    this.#servers.set(server, { limitMs, since: this.#now() });
    if (this.#terminal.interactive && !this.#terminal.rewrites) this.#terminal.note(`Waiting for ${oneLine(server)} to start and answer, ${seconds(limitMs)} at most. Interrupt to stop.`);
    this.#draw();
    return { [Symbol.dispose]: () => {
      this.#servers.delete(server);
      this.#draw();
    } };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#servers.clear();
    this.#draw();
  }

  #draw(): void {
    if (!this.#terminal.rewrites) return;
    this.#terminal.raw(`${clearLine}${this.#servers.size === 0 ? '' : clip(oneLine(this.#text()), this.#terminal.width - 1)}`);
  }

  #text(): string {
    const names = [...this.#servers.keys()];
    const named = names.slice(0, namedAtMost).join(', ');
    const waits = [...this.#servers.values()];
    const rest = Math.max(...waits.map(({ limitMs, since }) => since + limitMs - this.#now()));
    const waited = Math.max(...waits.map(({ since }) => this.#now() - since));
    return `Waiting for ${names.length > namedAtMost ? `${named} and ${names.length - namedAtMost} more` : named} to start and answer: ${seconds(waited)}, given up in ${seconds(Math.max(0, rest))} at the latest. Interrupt to stop.`;
  }
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
