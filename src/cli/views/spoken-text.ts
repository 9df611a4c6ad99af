import type { ModelDelta } from '../../shared/conversation.ts';
import { oneLine } from '../text.ts';
import type { Terminal } from '../terminal.ts';

/** Shows what a model says line by line, as soon as a line is whole. */
export class SpokenText {
  readonly #terminal: Terminal;
  #rest = '';
  #shown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show({ kind, text }: ModelDelta): void {
    if (kind === 'reasoning') return;
    const all = this.#rest + text;
    this.#shown ||= all.trim() !== '';
    const lines = all.split('\n');
    this.#rest = kind === 'text' ? (lines.pop() ?? '') : '';
    for (const line of lines) if (line.trim() !== '') this.#terminal.note(`  ${oneLine(line)}`);
    // Whether it is asked for again is said by what asks: a person may have stopped it.
    if (kind === 'restart' && this.#shown) this.#terminal.note(this.#terminal.style.dim('  (the answer broke off here; what it has said does not count)'));
    if (kind === 'restart' || kind === 'end') this.#shown = false;
  }
}
