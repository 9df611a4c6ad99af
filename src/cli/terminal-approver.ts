import { createInterface } from 'node:readline/promises';
import { denyAll, type Approver } from '../policy/gate.ts';
import { oneLine } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Asks on the terminal, one question at a time; where nobody is there, every question counts as no. */
export function terminalApprover(terminal: Terminal, pause: () => Disposable, output: NodeJS.WritableStream = process.stderr): Approver {
  if (!terminal.canAsk) return denyAll;
  let turn: Promise<unknown> = Promise.resolve();
  const question = (text: string, signal: AbortSignal): Promise<string | undefined> => {
    const answer = turn.then(async () => {
      using _paused = pause();
      const lines = createInterface({ input: terminal.stdin, output });
      // In raw mode the terminal sends Ctrl+C as a key: it must cancel the run here as it does everywhere.
      lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      try {
        return await lines.question(text, { signal });
      } catch {
        // The run has ended meanwhile, or the input was closed: no answer is no.
        return undefined;
      } finally {
        lines.close();
      }
    });
    turn = answer;
    return answer;
  };
  return {
    approve: async ({ text, reason, signal }) => /^y(es)?$/i.test((await question(`Allow ${oneLine(text)}? ${oneLine(reason)} [y/N] `, signal))?.trim() ?? ''),
    ask: ({ question: text, signal }) => question(`${oneLine(text)} `, signal),
  };
}
