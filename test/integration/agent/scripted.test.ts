import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../fixtures/models/answer.ts';
import type { RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, finish, recorded, resultsIn, says, taskTest, type Line } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const files = { 'a.txt': 'alpha\n', 'b.txt': 'beta\n' };
const make = calls(['edit_file', { path: 'made.txt', edits: [{ oldText: '', newText: 'made\n' }] }, 'call_make']);
const read = calls(['read_file', { path: 'a.txt' }, 'call_read']);
const retry = { attempts: 3, baseMs: 10 };
/** Short only where silence is what is tried: a busy machine must not look like a silent server. */
const impatient = { firstByteMs: 1000, idleMs: 500 };

/** Writes a file, meets what the case is about, and finishes. Asserts what must hold whatever that was. */
async function attempt(...middle: readonly Line[]) {
  const test = await taskTest(sandbox, files, recorded(make, ...middle, finish('ok')));
  await using _ = test;
  const silent = middle.some((line) => 'stall' in line);
  const { outcome, of } = await test.task('Go.', { grants: ['fs.write **'], layers: { retry, ...(silent ? { timeouts: impatient } : {}) } });
  expect(of('run.state').filter(({ to }) => ['done', 'failed', 'cancelled', 'interrupted'].includes(to))).toHaveLength(1);
  expect(outcome.clean).toBe(true);
  expect(of('file.written').filter(({ path }) => path === 'made.txt')).toHaveLength(1);
  expect(readFileSync(join(test.workspace, 'made.txt'), 'utf8')).toBe('made\n');
  // The folder goes with this function.
  const contents = Object.fromEntries(readdirSync(test.workspace).filter((name) => name.endsWith('.txt')).map((name) => [name, readFileSync(join(test.workspace, name), 'utf8')]));
  for (const request of test.server.requests) expectEachCallAnswered(request);
  await test.server.idle();
  return { outcome, of, requests: test.server.requests, last: test.server.requests.at(-1)!, files: contents };
}

/** Each call of each answer has exactly one result, after it, under its own id; and no id is used twice. */
function expectEachCallAnswered({ body: { messages } }: RecordedRequest): void {
  const asked = messages.flatMap(({ tool_calls: list }) => (list ?? []).map(({ id }) => id));
  expect(messages.flatMap(({ role, tool_call_id: id }) => (role === 'tool' ? [id] : []))).toEqual(asked);
  expect(new Set(asked).size).toBe(asked.length);
}

const texts = (request: RecordedRequest) => resultsIn(request).slice(1).map(([, text]) => text);

describe('whatever the server does, a task ends once, runs nothing twice, and each call has its own result', () => {
  const recovers: readonly (readonly [string, readonly Answer[]])[] = [
    ['says nothing before its headers', [{ stall: 'before-headers' }, read]],
    ['says nothing after its headers', [{ stall: 'before-first-byte' }, read]],
    ['falls silent in the middle of a call', [{ ...read, argumentPiece: 2, stall: 'mid-stream' }, read]],
    ['falls silent right before its end', [{ ...read, stall: 'before-end' }, read]],
    ['cuts the connection before it answers', [{ reset: 'before-headers' }, read]],
    ['cuts the connection in the middle of a call', [{ ...read, argumentPiece: 2, reset: 'mid-stream' }, read]],
    ['cuts the connection in the middle of a text', [{ text: ['I will ', 'now ', 'read.'], reset: 'mid-stream' }, read]],
    ['is asked too often and says when to come back', [{ status: 429, headers: { 'retry-after': '0' } }, read]],
    ['is asked too often twice', [{ status: 429 }, { status: 429 }, read]],
    ['fails', [{ status: 500 }, { status: 503, body: '<html>Bad gateway</html>' }, read]],
    ['answers with nothing at all', [{ text: [] }, read]],
    ['answers with white space', [{ text: [' \n'] }, read]],
    ['sends an event that is no JSON', [{ events: ['{"id":"x","choices":[{"index":0,"delta":{"content":'] }, read]],
    ['says in its stream that it is overloaded', [{ events: ['{"error":{"message":"Overloaded","type":"server_error","code":503}}'] }, read]],
    ['ends its stream without a reason, as if it had broken off', [{ ...read, finish: null }, read]],
    ['calls it a stop where there are calls', [{ ...read, finish: 'stop' }]],
    ['counts no tokens', [{ ...read, usage: null }]],
    ['sends three bytes at a time', [{ ...read, bytesPerWrite: 3, pauseMs: 0 }]],
  ];
  it.each(recovers)('it %s', async (_, answers) => {
    const { outcome, last } = await attempt(...answers);
    expect(outcome).toMatchObject({ state: 'done', result: { answer: 'ok' } });
    expect(texts(last)).toEqual([expect.stringContaining('alpha')]);
  });

  const fails: readonly (readonly [string, Answer, string, number])[] = [
    ['refuses the key', { status: 401 }, 'model-auth', 2],
    ['refuses the request', { status: 400 }, 'model-refused', 2],
    ['withholds the answer', { text: [], finish: 'content_filter' }, 'model-refused', 2],
    ['wants a longer wait than anybody has', { status: 429, headers: { 'retry-after': '86400' } }, 'model-rate-limited', 2],
    ['is out of order for good', { status: 500 }, 'model-unavailable', 4],
  ];
  it.each(fails)('it %s, and the run has failed with what to do', async (_, answer, code, requests) => {
    const { outcome, requests: all } = await attempt(answer, answer, answer, answer);
    expect(outcome).toMatchObject({ state: 'failed', error: { code, hint: expect.any(String) as string } });
    expect(all).toHaveLength(requests);
  });
});

describe('calls that are not as they should be', () => {
  it('come in parallel: each result stands under its own id, failed ones too', async () => {
    const { last } = await attempt(calls(['read_file', { path: 'b.txt' }, 'b'], ['read_file', { path: 'none.txt' }, 'none'], ['read_file', { path: 'a.txt' }, 'a']));
    expect(Object.fromEntries(resultsIn(last).slice(1))).toEqual({ b: expect.stringContaining('beta') as string, none: expect.stringContaining('file-not-found') as string, a: expect.stringContaining('alpha') as string });
  });

  it('have the same id, the id of an earlier one, or none', async () => {
    const again = { name: 'read_file', arguments: { path: 'a.txt' } };
    const { last } = await attempt({ calls: [{ ...again, id: 'same' }, { ...again, id: 'same' }, { ...again, id: 'call_make' }, { ...again, id: null }, { ...again, id: '' }] });
    expect(texts(last)).toHaveLength(5);
    for (const text of texts(last)) expect(text).toContain('alpha');
  });

  it('break off: the arguments are not guessed at, and what stands beside them runs', async () => {
    const { last, of } = await attempt({ calls: [{ id: 'cut', name: 'edit_file', arguments: '{"path":"a.txt","edits":[{"oldText":"alpha","newText":"omega' }, { id: 'whole', name: 'read_file', arguments: { path: 'b.txt' } }], finish: 'length' });
    expect(texts(last)).toEqual([expect.stringContaining('no valid JSON'), expect.stringContaining('beta')]);
    expect(of('file.written')).toHaveLength(1);
  });

  it('name tools that do not exist or cannot: they are told which there are', async () => {
    const names = ['no such tool!', 'edit-file', 'EDIT_FILE', '../../etc/passwd', '__proto__', 'x'.repeat(300)];
    const { last } = await attempt({ calls: names.map((name, i) => ({ id: `n${i}`, name, arguments: {} })) });
    expect(texts(last)).toHaveLength(names.length);
    for (const text of texts(last)) expect(text).toContain('There is no tool');
  });

  it('have arguments that are no object, too many or of the wrong kind', async () => {
    const wrong = ['[]', '"a.txt"', 'null', '17', '{"path":5}', '{"path":"a.txt","mode":"fast"}', '{"__proto__":{"path":"a.txt"}}'];
    const { last } = await attempt({ calls: wrong.map((input, i) => ({ id: `w${i}`, name: 'read_file', arguments: input })) });
    expect(texts(last)).toHaveLength(wrong.length);
    for (const text of texts(last)) expect(text).toContain('invalid-input');
  });

  it('carry characters of several bytes, cut anywhere', async () => {
    const newText = 'Grüße, 日本語, 🙂👩‍👩‍👧, \u2028 and "quotes"\n';
    const { files: found } = await attempt({ ...calls(['edit_file', { path: 'text.txt', edits: [{ oldText: '', newText }] }]), argumentPiece: 1, bytesPerWrite: 5, pauseMs: 0 });
    expect(found['text.txt']).toBe(newText);
  });

  it('carry a megabyte: it is written once, and the task ends whether or not the conversation still fits', async () => {
    const { outcome, files: found, of } = await attempt({ ...calls(['edit_file', { path: 'large.txt', edits: [{ oldText: '', newText: 'x'.repeat(1_000_000) }] }]), argumentPiece: 50_000 });
    expect(found['large.txt']).toHaveLength(1_000_000);
    expect(of('file.written').filter(({ path }) => path === 'large.txt')).toHaveLength(1);
    expect(['done', 'failed']).toContain(outcome.state);
    if (outcome.state === 'failed') expect(outcome.error).toMatchObject({ code: 'model-refused', message: expect.stringContaining('does not fit') as string });
  });

  it('stand in the text instead of being calls: nothing runs, and the text is the answer, unverified', async () => {
    const { outcome, of } = await attempt(says('<tool_call>{"name":"edit_file","arguments":{"path":"a.txt","edits":[{"oldText":"alpha","newText":"x"}]}}</tool_call>'));
    expect(outcome).toMatchObject({ state: 'done', result: { verification: 'unverified' } });
    expect(of('file.written')).toHaveLength(1);
  });
});
