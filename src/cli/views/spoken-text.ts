import type { ModelDelta } from '../../shared/conversation.ts';
import { oneLine } from '../text.ts';
import type { Terminal } from '../terminal.ts';

/** Shows what a model says line by line, as soon as a line is whole. */
export class SpokenText {
  readonly #terminal: Terminal;
  #rest = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show({ kind, text }: ModelDelta): void {
    if (kind === 'reasoning') return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = kind === 'text' ? (lines.pop() ?? '') : '';
    for (const line of lines) if (line.trim() !== '') this.#terminal.note(`  ${oneLine(line)}`);
    if (kind === 'restart') this.#terminal.note(this.#terminal.style.dim('  (the answer broke off and is asked for again)'));
  }
}
