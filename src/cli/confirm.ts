import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** A question to the person at the terminal that only a typed yes answers with yes. */
export async function confirm({ stdin }: Terminal, question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: process.stderr });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
