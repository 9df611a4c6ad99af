import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Puts one line of a question and gives the line that was typed; `undefined` where none was. */
export type AskLine = (text: string, signal: AbortSignal) => Promise<string | undefined>;

/** Questions on the terminal, one at a time, whoever asks. */
export function terminalQuestions(terminal: Pick<Terminal, 'stdin'>, pause: () => Disposable, output: NodeJS.WritableStream = process.stderr): AskLine {
  let turn: Promise<unknown> = Promise.resolve();
  return (text, signal) => {
    const answer = turn.then(async () => {
      if (signal.aborted) return undefined;
      using _paused = pause();
      const lines = createInterface({ input: terminal.stdin, output });
      // In raw mode the terminal sends Ctrl+C as a key: it must cancel the run here as it does everywhere.
      lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      try {
        return await lines.question(text, { signal });
      } catch {
        // The question is closed, or the input was: no answer is no.
        if (signal.aborted) output.write('\n(no longer asked)\n');
        return undefined;
      } finally {
        lines.close();
      }
    });
    turn = answer;
    return answer;
  };
}
