import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { terminalApprover } from '../../../src/cli/terminal-approver.ts';
import { Terminal } from '../../../src/cli/terminal.ts';

function person(env: Readonly<Record<string, string>> = {}) {
  const keyboard = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const screen = { isTTY: true, columns: 80, write: () => true };
  // What the approver reads is a terminal's input only in name: lines come from the test.
  const stdin = Object.assign(keyboard, { isTTY: true }) as unknown as NodeJS.ReadStream;
  let pauses = 0;
  const pause = () => {
    pauses += 1;
    return { [Symbol.dispose]: () => void (pauses -= 1) };
  };
  const approver = terminalApprover(new Terminal({ stdout: screen, stderr: screen, stdin, env }), pause, output);
  return { keyboard, approver, shown: () => shown, pauses: () => pauses };
}

const request = (signal = new AbortController().signal) => ({ run: 'run_1', action: { kind: 'browser' } as const, text: 'browser', reason: 'The rule asks.', signal });
const questions = async (text: () => string, count: number) => {
  while (text().split('[y/N]').length - 1 < count) await new Promise((resolve) => setImmediate(resolve));
};

test.each([['y', true], ['YES', true], ['', false], ['n', false], ['sure', false]])('the answer "%s" means %s', async (line, allowed) => {
  const { keyboard, approver, shown, pauses } = person();
  const answer = approver.approve(request());
  await questions(shown, 1);
  expect(pauses()).toBe(1);
  keyboard.write(`${line}\n`);
  expect(await answer).toBe(allowed);
  expect(pauses()).toBe(0);
});

test('two questions are asked one after the other, so that an answer cannot land on the wrong one', async () => {
  const { keyboard, approver, shown } = person();
  const first = approver.approve(request());
  const second = approver.approve(request());
  await questions(shown, 1);
  expect(shown().match(/\[y\/N\]/g)).toHaveLength(1);
  keyboard.write('y\n');
  expect(await first).toBe(true);
  await questions(shown, 2);
  keyboard.write('n\n');
  expect(await second).toBe(false);
});

test('a run that ends while its question is open is answered with no', async () => {
  const { approver, shown } = person();
  const run = new AbortController();
  const answer = approver.approve(request(run.signal));
  await questions(shown, 1);
  run.abort();
  expect(await answer).toBe(false);
});

test('under CI nobody is asked and everything is denied', async () => {
  const { approver, shown } = person({ CI: 'true' });
  expect(await approver.approve(request())).toBe(false);
  expect(await approver.ask({ run: 'run_1', question: 'Which?', signal: new AbortController().signal })).toBeUndefined();
  expect(shown()).toBe('');
});
