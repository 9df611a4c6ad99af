import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, finish, recorded, taskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const down = () => ({ status: 401, body: { error: { message: 'wrong key' } } });

describe('the models of a task', () => {
  it('take over where one fails, which is on record, priced by the one that answered, and allowed by the gate', async () => {
    await using second = await scriptedServer([finish('ok')]);
    await using test = await taskTest(sandbox, {}, down, { settings: {
      modelProviders: [], modelPrices: { 'test/scripted': { input: 1000, output: 1000 }, 'second/scripted': { input: 1, output: 1 } },
    } });
    test.runtime.models.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: test.server.baseUrl }, { kind: 'openai-compatible', name: 'second', baseUrl: second.baseUrl }]);
    const { outcome, of } = await test.task('Go.', { fallback: ['test/scripted', 'second/scripted'], budget: { moneyUsd: 100 } });
    expect(outcome).toMatchObject({ state: 'done', result: { answer: 'ok' } });
    expect(test.server.requests).toHaveLength(1);
    expect(of('run.log').some(({ message }) => message.startsWith('test/scripted failed; second/scripted is asked instead.'))).toBe(true);
    expect(of('decision').map(({ action }) => action)).toEqual(expect.arrayContaining(['model test/scripted', 'model second/scripted']));
    expect(test.runtime.bill(outcome.id).realCostUsd).toBeCloseTo(120 / 1_000_000, 9);
  });

  it('do not take over where a rule denies them', async () => {
    await using second = await scriptedServer([finish('never')]);
    await using test = await taskTest(sandbox, {}, down, { settings: { rules: [{ effect: 'deny', grant: 'model second/scripted', origin: 'test' }] } });
    test.runtime.models.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: test.server.baseUrl }, { kind: 'openai-compatible', name: 'second', baseUrl: second.baseUrl }]);
    const { outcome } = await test.task('Go.', { fallback: ['second/scripted'] });
    expect(outcome.error).toMatchObject({ code: 'denied' });
    expect(second.requests).toEqual([]);
  });

  it('think as much as was asked for in every turn, by the task or by the settings', async () => {
    const script = () => recorded(calls(['search_tools', { query: 'read' }]), finish('ok'));
    await using asked = await taskTest(sandbox, {}, script());
    await asked.task('Go.', { effort: 'high' });
    expect(asked.server.requests.map(({ body }) => body['reasoning_effort'])).toEqual(['high', 'high']);
    await using set = await taskTest(sandbox, {}, script(), { settings: { modelDefaults: { effort: 'low' } } });
    await set.task('Go.');
    expect(set.server.requests.map(({ body }) => body['reasoning_effort'])).toEqual(['low', 'low']);
  });

  it('get their thoughts back with the calls that followed them, and never show them as an answer', async () => {
    await using test = await taskTest(sandbox, {}, recorded({ reasoning: ['I should ', 'look.'], ...calls(['search_tools', { query: 'read' }]) }, finish('ok')));
    const { outcome } = await test.task('Go.');
    expect(test.server.requests[1]!.body.messages.find(({ role }) => role === 'assistant')).toMatchObject({ reasoning_content: 'I should look.' });
    expect(JSON.stringify(outcome.result)).not.toContain('should');
  });
});
