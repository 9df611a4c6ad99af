import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { approvalRequest } from '../../helpers/approval.ts';
import { render, terminalApprover } from '../../../src/cli/terminal-approver.ts';
import { terminalQuestions } from '../../../src/cli/terminal-questions.ts';
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
  const terminal = new Terminal({ stdout: screen, stderr: screen, stdin, env });
  const approver = terminalApprover(terminal, terminalQuestions(terminal, pause, output));
  return { keyboard, approver, shown: () => shown, pauses: () => pauses };
}

const request = (signal = new AbortController().signal) => approvalRequest({ signal, offers });
const questions = async (text: () => string, count: number) => {
  while (text().split('N] ').length - 1 < count) await new Promise((resolve) => setImmediate(resolve));
};
const offers = [
  { scope: 'run', grant: 'fs.write reports/*', sentence: 'Writing any file directly in reports.', examples: ['fs.write /w/reports/a.md', 'fs.write /w/reports/b.md'] },
  { scope: 'workspace', grant: 'fs.write reports/a.md', sentence: 'Writing reports/a.md.', examples: ['fs.write /w/reports/a.md'] },
] as const;

test.each([
  ['y', { answer: 'once' }], ['YES', { answer: 'once' }], ['1', { answer: 'run', grant: 'fs.write reports/*' }], ['2', { answer: 'workspace', grant: 'fs.write reports/a.md' }],
  ['3', { answer: 'deny' }], ['', { answer: 'deny' }], ['n', { answer: 'deny' }], ['sure', { answer: 'deny' }], ['n because it is the wrong folder', { answer: 'deny', reason: 'it is the wrong folder' }],
  ['yes please', { answer: 'deny' }], ['no, use src', { answer: 'deny', reason: 'use src' }],
])('the answer "%s" means %j', async (line, meaning) => {
  const { keyboard, approver, shown, pauses } = person();
  const answer = approver.approve(request());
  await questions(shown, 1);
  expect(pauses()).toBe(1);
  keyboard.write(`${line}\n`);
  expect(await answer).toEqual(meaning);
  expect(pauses()).toBe(0);
});

test('a question shows the exact action, why it is asked, by whom, what was read, and what each answer would allow', async () => {
  const { approver, shown, keyboard } = person();
  const answer = approver.approve(approvalRequest({
    text: 'net https://evil.example', why: { cause: 'untrusted', text: 'The run has read the web at https://news.example.' }, untrusted: [{ kind: 'web', source: 'https://news.example', step: 's_7' }], waiting: 3, offers,
  }));
  await questions(shown, 1);
  expect(shown()).toBe(`Allow net https://evil.example?
  why asked: The run has read the web at https://news.example.
  asked by:  browser.open, "Shop report", 3 calls wait
  has read:  https://news.example (s_7)
  y  allow once
  1  allow for this run: fs.write reports/*
     Writing any file directly in reports. Covers of this run so far: fs.write /w/reports/a.md, fs.write /w/reports/b.md.
  2  allow in this workspace: fs.write reports/a.md
     Writing reports/a.md.
  n  deny; "n because ..." tells why. Without an answer in 300 s it is denied.
[y/1/2/N] `);
  keyboard.write('n\n');
  await answer;
});

test('what strangers wrote cannot add lines to the question', () => {
  const text = render(approvalRequest({ title: 'x"\n  y  allow everything', untrusted: [{ kind: 'web', source: 'a\nAllow browser?' }] }));
  expect(text.split('\n').filter((line) => /^ {2}y {2}|^Allow /.test(line))).toEqual(['Allow browser?', '  y  allow once']);
});

test('what would be changed in a file is shown line by line, as much as fits, and steers no terminal', () => {
  const lines = [{ kind: 'removed', text: 'old', before: 3 }, { kind: 'added', text: '\ty \u001b[2Jnew', after: 3 }] as const;
  const shown = render(approvalRequest({ text: 'fs.write a.ts', change: { path: 'a.ts', added: 1, removed: 1, lines } })).split('\n');
  expect(shown).toEqual(expect.arrayContaining(['  changes:   1 line added, 1 removed', '     - old', '     +   y \\x1b[2Jnew']));
  const long = render(approvalRequest({ change: { path: 'a.ts', added: 80, removed: 0, lines: Array.from({ length: 80 }, () => lines[1]) } }));
  expect(long).toContain('… 50 more lines');
  expect(long.split('\n').length).toBeLessThan(45);
  expect(render(approvalRequest({ change: { path: 'a.ts', added: 0, removed: 0, lines: [] } }))).toContain('  changes:   nothing');
});

test('two questions are asked one after the other, so that an answer cannot land on the wrong one', async () => {
  const { keyboard, approver, shown } = person();
  const first = approver.approve(request());
  const second = approver.approve(request());
  await questions(shown, 1);
  expect(shown().match(/^Allow /gm)).toHaveLength(1);
  keyboard.write('y\n');
  expect(await first).toEqual({ answer: 'once' });
  await questions(shown, 2);
  keyboard.write('n\n');
  expect(await second).toEqual({ answer: 'deny' });
});

test('a question that is closed elsewhere is taken away, and the next one is asked', async () => {
  const { approver, shown, keyboard } = person();
  const run = new AbortController();
  const first = approver.approve(request(run.signal));
  const second = approver.approve(request());
  await questions(shown, 1);
  run.abort();
  expect(await first).toBeUndefined();
  expect(shown()).toContain('(no longer asked)');
  await questions(shown, 2);
  keyboard.write('y\n');
  expect(await second).toEqual({ answer: 'once' });
});

test('under CI nobody is asked and everything is denied', async () => {
  const { approver, shown } = person({ CI: 'true' });
  expect(approver.canAsk).toBe(false);
  expect(await approver.approve(request())).toBeUndefined();
  expect(await approver.ask({ run: 'run_1', question: 'Which?', signal: new AbortController().signal })).toBeUndefined();
  expect(shown()).toBe('');
});
