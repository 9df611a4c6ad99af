import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approver } from '../../../src/policy/approver.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, finishChecked, lastResult, recorded, resultsIn, says, taskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const one = { 'a.txt': 'alpha\n', 'b.txt': 'beta\n' };

describe('a task', () => {
  it('ends with what the model finishes with, and is verified only by a check that ran and passed', async () => {
    await using test = await taskTest(sandbox, one, recorded(
      code('import { workspace } from "assassin";\nexport default async () => (await workspace.readFile("a.txt")).trim();'),
      finishChecked({ word: 'alpha' }),
    ));
    const { outcome, of } = await test.task('Read the word.');
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { answer: { word: 'alpha' }, verification: 'verified', evidence: [expect.stringMatching(/^s_/) as string], turns: 2, changed: [] } });
    expect(of('run.state').filter(({ to }) => ['done', 'failed', 'cancelled'].includes(to))).toHaveLength(1);
    expect(of('step.started').map(({ kind, name }) => `${kind} ${name}`)).toEqual(expect.arrayContaining(['agent Turn 1', 'model test/scripted', 'tool run_code', 'workspace workspace.readFile', 'tool finish']));
  });

  it('tells unverified results from verified ones: without a check, with one that failed, with one from before the last change', async () => {
    const change = calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'ALPHA' }] }]);
    const check = code('import { workspace } from "assassin";\nexport default () => workspace.readFile("a.txt");');
    const scripts = [
      { script: recorded(finish('done')), why: 'No check was named.' },
      { script: recorded(code('export default () => { throw new Error("no"); }'), finishChecked('x'), finishChecked('x')), why: 'it failed' },
      { script: recorded(code('export default () => 1;'), finishChecked('x'), finishChecked('x')), why: 'it looked at nothing' },
      { script: recorded(check, change, (request) => finish('x', [/step (s_\w+)/.exec(resultsIn(request)[0]![1])![1]!]), (request) => finish('x', [/step (s_\w+)/.exec(resultsIn(request)[0]![1])![1]!])), why: 'something was changed after it' },
      { script: recorded(says('It is done, believe me.')), why: 'in words' },
    ];
    for (const { script, why } of scripts) {
      await using test = await taskTest(sandbox, one, script);
      const { outcome } = await test.task('Change the word.', { grants: ['fs.write **'] });
      expect(outcome.result).toMatchObject({ verification: 'unverified', why: expect.stringContaining(why) as string, evidence: [] });
    }
  });

  it('gives each call its own result under its own id when the first of two is denied', async () => {
    await using test = await taskTest(sandbox, one, recorded(
      calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'x' }] }, 'call_A'], ['read_file', { path: 'b.txt' }, 'call_B']),
      finish('ok'),
    ));
    const { outcome } = await test.task('Edit a, read b.');
    expect(outcome.state).toBe('done');
    const [a, b] = resultsIn(test.server.requests[1]!);
    expect(a).toEqual(['call_A', expect.stringContaining('Failed (denied): Not allowed: fs.write')]);
    expect(b).toEqual(['call_B', expect.stringContaining('beta')]);
    expect(readFileSync(join(test.workspace, 'a.txt'), 'utf8')).toBe('alpha\n');
  });

  it('answers broken, unknown and repeated calls with what is wrong, each under an id of its own', async () => {
    await using test = await taskTest(sandbox, one, recorded(
      { calls: [{ id: 'same', name: 'read_file', arguments: '{"path": "a.t' }, { id: 'same', name: 'readfile', arguments: { path: 'a.txt' } }, { id: 'x', name: 'workspace.writeFile', arguments: {} }, { id: 'y', name: 'read_file', arguments: { file: 'a.txt' } }] },
      finish('ok'),
    ));
    await test.task('Go.');
    const results = resultsIn(test.server.requests[1]!);
    expect(new Set(results.map(([id]) => id)).size).toBe(4);
    const texts = results.map(([, text]) => text);
    expect(texts[0]).toContain('no valid JSON');
    expect(texts[1]).toContain('Did you mean read_file?');
    expect(texts[2]).toContain('Everything else is called from code');
    expect(texts[3]).toContain('path');
  });

  it('keeps ids apart that a server gives twice, in one turn and in the next', async () => {
    const again = { calls: [{ id: 'call_0', name: 'read_file', arguments: { path: 'a.txt' } }] };
    await using test = await taskTest(sandbox, one, recorded(again, again, finish('ok')));
    await test.task('Go.');
    const ids = resultsIn(test.server.requests[2]!).map(([id]) => id);
    expect(new Set(ids).size).toBe(2);
    const asked = test.server.requests[2]!.body.messages.flatMap(({ tool_calls: list }) => list ?? []).map(({ id }) => id);
    expect(asked).toEqual(ids);
  });

  it('asks once more after an empty answer, and then ends honestly', async () => {
    await using test = await taskTest(sandbox, one, recorded({ text: [] }, { text: [] }));
    const { outcome, of } = await test.task('Go.');
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'model-output' } });
    expect(test.server.requests).toHaveLength(2);
    expect(of('run.state').at(-1)).toMatchObject({ to: 'failed' });
  });

  it('goes on with an answer that its length limit cut off', async () => {
    await using test = await taskTest(sandbox, one, recorded({ text: ['The first half, '], finish: 'length' }, { text: ['the second half.'] }));
    const { outcome } = await test.task('Tell.', { executor: 'basic' });
    expect(outcome.result).toMatchObject({ answer: 'The first half, the second half.', executor: 'basic' });
  });

  it('stops a model that goes in circles', async () => {
    await using test = await taskTest(sandbox, one, () => calls(['read_file', { path: 'a.txt' }]));
    const { outcome } = await test.task('Go.');
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'model-output', message: expect.stringContaining('in circles') as string } });
    expect(test.server.requests).toHaveLength(6);
    expect(lastResult(test.server.requests[4]!)).toContain('Do something else');
  });

  it('ends after the turns that it may have', async () => {
    let n = 0;
    await using test = await taskTest(sandbox, one, () => calls(['read_file', { path: 'a.txt', from: ++n }]));
    const { outcome } = await test.task('Go.', { maxTurns: 4 });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'turns' } } });
    expect(test.server.requests).toHaveLength(4);
  });

  it('is not started without tokens, and stops before the request that it can no longer pay for', async () => {
    await using test = await taskTest(sandbox, one, () => ({ ...calls(['read_file', { path: 'a.txt' }]), usage: { prompt_tokens: 4000, completion_tokens: 500 } }));
    await expect(test.runtime.startTask('Go.', { model: 'test/scripted' })).rejects.toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('--budget tokens') as string });
    const { outcome, of } = await test.task('Go.', { budget: { tokens: 10_000 } });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'tokens' } } });
    const used = of('meter').filter(({ meter }) => meter.startsWith('model.')).reduce((sum, { value }) => sum + value, 0);
    expect(used).toBe(test.server.requests.length * 4500);
    expect(used).toBeLessThanOrEqual(10_000);
  });

  it('meters tokens and says of a model without a price that it is unpriced', async () => {
    await using test = await taskTest(sandbox, one, recorded({ ...says('Yes.'), usage: { prompt_tokens: 120, completion_tokens: 7 } }), { settings: { modelPrices: { 'test/scripted': { input: 2, output: 10 } } } });
    const { outcome } = await test.task('Go.', { budget: { moneyUsd: 1 } });
    expect(test.runtime.bill(outcome.id)).toMatchObject({ realCostUsd: (120 * 2 + 7 * 10) / 1e6, realCostMark: 'computed' });
    await using poor = await taskTest(sandbox, one, recorded(says('Yes.')), { settings: { modelPrices: { 'test/scripted': { input: 2, output: 10 } } } });
    const broke = await poor.task('Go.');
    expect(broke.outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'moneyUsd' } } });
    expect(poor.server.requests).toHaveLength(0);
  });

  it('repeats a request that broke off, and runs nothing twice', async () => {
    await using test = await taskTest(sandbox, one, recorded(
      { ...calls(['edit_file', { path: 'c.txt', edits: [{ oldText: '', newText: 'made\n' }] }]), reset: 'mid-stream', bytesPerWrite: 64 },
      calls(['edit_file', { path: 'c.txt', edits: [{ oldText: '', newText: 'made\n' }] }]),
      finish('ok'),
    ));
    const { outcome, of } = await test.task('Go.', { grants: ['fs.write **'] });
    expect(outcome.state).toBe('done');
    expect(of('file.written')).toHaveLength(1);
  });

  it('ends at once when it is cancelled in the middle of an answer, and lets go of the connection', async () => {
    await using test = await taskTest(sandbox, one, recorded({ text: ['I am ', 'thinking'], stall: 'mid-stream' }));
    const cancel = new AbortController();
    using _watch = test.runtime.tasks.onDelta(({ kind }) => {
      if (kind === 'text') cancel.abort();
    });
    const running = test.task('Go.', { signal: cancel.signal });
    const { outcome, of } = await running;
    expect(outcome).toMatchObject({ state: 'cancelled', clean: true });
    await test.server.idle();
    expect(of('step.ended').filter(({ status }) => status === 'cancelled').length).toBeGreaterThanOrEqual(2);
    // What had come was made and is paid for, although nobody said how much it was.
    expect(of('meter').filter(({ meter }) => meter === 'model.output_tokens')).toMatchObject([{ mark: 'estimated' }]);
  });

  it('ends where the model falls silent for good', async () => {
    await using test = await taskTest(sandbox, one, () => ({ text: ['I am '], stall: 'mid-stream' }));
    const { outcome } = await test.task('Go.', { layers: { timeouts: { idleMs: 200 }, retry: { attempts: 1 } } });
    expect(outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'model-unavailable' } });
    expect(test.server.requests).toHaveLength(3);
  });

  it('does not run what stands behind finish in the same turn', async () => {
    await using test = await taskTest(sandbox, one, recorded(calls(['finish', { result: 'ok' }], ['edit_file', { path: 'late.txt', edits: [{ oldText: '', newText: 'x' }] }])));
    const { outcome } = await test.task('Go.', { grants: ['fs.write **'] });
    expect(outcome.result).toMatchObject({ answer: 'ok' });
    expect(existsSync(join(test.workspace, 'late.txt'))).toBe(false);
  });
});

describe('a task that needs more than it was granted', () => {
  const write = recorded(calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'x' }] }]), finish('ok'));
  const asking = (answer: boolean, asked: string[]): Approver => ({
    approve: ({ text }) => {
      asked.push(text);
      return Promise.resolve({ answer: answer ? 'once' : 'deny' });
    },
    ask: () => Promise.resolve(undefined),
  });

  it.each([[true, 'x\n'], [false, 'alpha\n']] as const)('asks the person; after %s the file holds %j', async (answer, content) => {
    const asked: string[] = [];
    await using test = await taskTest(sandbox, one, write, { approver: asking(answer, asked) });
    await test.task('Edit.');
    expect(asked).toEqual([`fs.write ${join(test.workspace, 'a.txt')}`]);
    expect(readFileSync(join(test.workspace, 'a.txt'), 'utf8')).toBe(content);
  });

  it('is denied without a question where a rule denies, and where nobody can be asked', async () => {
    const asked: string[] = [];
    await using ruled = await taskTest(sandbox, one, write, { approver: asking(true, asked), settings: { rules: [{ effect: 'deny', grant: 'fs.write **', origin: 'test' }] } });
    await ruled.task('Edit.', { grants: ['fs.write **'] });
    expect(asked).toEqual([]);
    await using headless = await taskTest(sandbox, one, write);
    const { of } = await headless.task('Edit.');
    expect(of('decision').filter(({ outcome }) => outcome === 'denied')).toMatchObject([{ effect: 'deny' }]);
    for (const test of [ruled, headless]) expect(readFileSync(join(test.workspace, 'a.txt'), 'utf8')).toBe('alpha\n');
  });

  it('does not read files that hold secrets, directly, from code, or by importing them', async () => {
    await using test = await taskTest(sandbox, { '.env': 'TOKEN=hunter2\n', 'secrets.json': '{"k":"hunter2"}', 'deploy.key': 'export default "hunter2";', '.aws/config.ts': 'export const k = "hunter2";' }, recorded(
      calls(['read_file', { path: '.env' }], ['run_code', { code: 'import { workspace } from "assassin";\nexport default () => workspace.readFile("secrets.json");' }], ['run_code', { code: 'import { k } from "./.aws/config.ts";\nexport default () => k;' }]),
      finish('ok'),
    ));
    await test.task('Go.');
    expect(JSON.stringify(test.server.requests.map(({ body }) => body))).not.toContain('hunter2');
    expect(resultsIn(test.server.requests[1]!).every(([, text]) => text.includes('denied'))).toBe(true);
  });
});
