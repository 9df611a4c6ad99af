import { expect, test } from 'vitest';
import { clearLine, Terminal } from '../../../src/cli/terminal.ts';
import { WaitingLine } from '../../../src/cli/views/waiting-line.ts';

function terminal(isTTY: boolean, env: Readonly<Record<string, string>> = {}) {
  const written: string[] = [];
  const stream = { isTTY, columns: 110, write: (text: string) => written.push(text) };
  return { written, terminal: new Terminal({ stdout: stream, stderr: stream, stdin: process.stdin, env }) };
}

test('names the servers that are waited for, how long, and when they are given up; goes away with the last one', () => {
  let now = 0;
  const { written, terminal: screen } = terminal(true);
  using line = new WaitingLine(screen, () => now);
  const first = line.add('slow', 60_000);
  now = 12_000;
  const others = ['b', 'c', 'd'].map((name) => line.add(name, 20_000));
  expect(written.at(-1)).toBe(`${clearLine}Waiting for slow, b, c and 1 more to start and answer: 12 s, given up in 48 s at the latest. Interrupt to st…`);
  for (const each of others) each[Symbol.dispose]();
  expect(written.at(-1)).toContain('Waiting for slow to start and answer: 12 s, given up in 48 s');
  screen.note('something else');
  expect(written.slice(-2)).toEqual([clearLine, 'something else\n']);
  first[Symbol.dispose]();
  expect(written.at(-1)).toBe(clearLine);
});

test('says nothing where nobody watches', () => {
  const { written, terminal: pipe } = terminal(false);
  using line = new WaitingLine(pipe);
  using _wait = line.add('slow', 60_000);
  expect(written).toEqual([]);
});

test('is said once where a line cannot be written anew', () => {
  const { written, terminal: dumb } = terminal(true, { TERM: 'dumb' });
  using line = new WaitingLine(dumb);
  line.add('slow', 60_000)[Symbol.dispose]();
  expect(written).toEqual(['Waiting for slow to start and answer, 60 s at most. Interrupt to stop.\n']);
});
