import { createInterface, type Interface } from 'node:readline';
import type { TaskDoor } from '../agent/task-door.ts';
import { describeError } from '../shared/errors.ts';
import { refuseSecrets } from './pasted-secrets.ts';
import type { Terminal } from './terminal.ts';

/** What is typed to take back that the conversation was shortened. */
const wholeWord = '/whole';

/** Lines that a person types while a task goes on are said to it. Only on a terminal: a pipe may be meant for something else. */
export class Steering implements Disposable {
  readonly #terminal: Terminal;
  #target: { readonly tasks: Pick<TaskDoor, 'steer' | 'useWhole'>; readonly run: string } | undefined;
  #lines: Interface | undefined;
  #paused = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  begin(tasks: Pick<TaskDoor, 'steer' | 'useWhole'>, run: string): void {
    if (!this.#terminal.canAsk) return;
    this.#target = { tasks, run };
    this.#terminal.note(this.#terminal.style.dim(`Type a line and press Enter to say something to the task while it works. ${wholeWord} lets it use the whole conversation again, where that was shortened.`));
    this.#listen();
  }

  /** Leaves the keyboard to a question. */
  pause(): Disposable {
    this.#paused += 1;
    this.#close();
    return {
      [Symbol.dispose]: () => {
        this.#paused -= 1;
        this.#listen();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#target = undefined;
    this.#close();
  }

  #listen(): void {
    if (this.#paused > 0 || this.#target === undefined || this.#lines !== undefined) return;
    // Without an output it stays out of raw mode: Ctrl+C remains a signal, and the terminal echoes by itself.
    this.#lines = createInterface({ input: this.#terminal.stdin });
    this.#lines.on('line', (line) => this.#say(line));
  }

  #say(line: string): void {
    if (this.#target === undefined || line.trim() === '') return;
    try {
      if (line.trim() === wholeWord) {
        const { tokens } = this.#target.tasks.useWhole(this.#target.run);
        this.#terminal.note(this.#terminal.style.dim(`The next turn begins with the whole conversation, about ${tokens} tokens.`));
        return;
      }
      refuseSecrets(line, 'The line', {});
      this.#target.tasks.steer(this.#target.run, line);
      this.#terminal.note(this.#terminal.style.dim('The task hears it before its next turn.'));
    } catch (error) {
      this.#terminal.note(describeError(error));
    }
  }

  #close(): void {
    this.#lines?.close();
    this.#lines = undefined;
  }
}
