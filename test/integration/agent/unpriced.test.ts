import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartTaskOptions } from '../../../src/agent/task-options.ts';
import type { RuntimeSettings } from '../../../src/runtime-options.ts';
import type { Script } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { code, finish, recorded, says, taskTest, type TaskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

/** Beside the model of a server on this machine, which costs nothing, the same one as an editor has it: nobody knows what that costs. */
async function editorTest(script: Script, settings: Partial<RuntimeSettings> = {}, chain = ''): Promise<TaskTest> {
  const test = await taskTest(sandbox, { '.assassin/chains/ask.ts': chain }, script, { settings });
  const local = await test.runtime.models.client('test/scripted');
  const info = { ...local.info, id: 'editor/scripted', provider: 'editor' };
  test.runtime.models.register({ name: 'editor', list: () => Promise.resolve([info]), client: () => Promise.resolve({ info, stream: (request, signal) => local.stream(request, signal) }) });
  return test;
}

const unpriced: StartTaskOptions = { model: 'editor/scripted' };
const refused = { state: 'failed', error: { code: 'budget-exceeded', hint: expect.stringContaining('models.prices') as string, data: { budget: 'moneyUsd', unpriced: 'editor/scripted' } } };

describe('a model without a known price', () => {
  it.each([
    ['the run', { budget: { moneyUsd: 5 } }, {}],
    ['the day', {}, { sharedBudget: { perDay: { moneyUsd: 5 } } }],
    ['a day that grants none', {}, { sharedBudget: { perDay: { moneyUsd: 0 } } }],
    ['the workspace', {}, { sharedBudget: { perWorkspace: { moneyUsd: 5 } } }],
  ] as const)('is not asked where %s has a limit of money', async (_who, options, settings) => {
    await using test = await editorTest(recorded(says('Never said.')), settings);
    const { outcome } = await test.task('Go.', { ...unpriced, ...options });
    expect(outcome).toMatchObject(refused);
    expect(test.server.requests).toHaveLength(0);
  });

  it('is limited by its tokens where money is not, and the run is unpriced', async () => {
    await using test = await editorTest(recorded(says('Yes.')));
    const { outcome } = await test.task('Go.', unpriced);
    expect(outcome.state).toBe('done');
    expect(test.runtime.bill(outcome.id)).toMatchObject({ realCostMark: 'unknown' });
  });

  it('is asked with a limit once the person has named its price, for models of the editor too', async () => {
    await using test = await editorTest(recorded({ ...says('Yes.'), usage: { prompt_tokens: 100, completion_tokens: 10 } }), { modelPrices: { 'editor/scripted': { input: 2, output: 10 } } });
    const { outcome } = await test.task('Go.', { ...unpriced, budget: { moneyUsd: 5 } });
    expect(outcome.state).toBe('done');
    expect(test.runtime.bill(outcome.id)).toMatchObject({ realCostUsd: 300 / 1e6 });
    expect((await test.runtime.models.list()).find(({ id }) => id === 'editor/scripted')?.rate).toEqual({ input: 2, output: 10 });
  });

  it('is not asked by a program or by an agent either, whose limit is that of the run above', async () => {
    const asks = 'import { model } from "assassin";\nexport default () => model.ask("Hello?", { model: "editor/scripted" }).catch((error) => error.message);';
    await using test = await editorTest(recorded(code(asks), finish('done')));
    const { outcome, of } = await test.task('Go.', { grants: ['model editor/scripted'], budget: { moneyUsd: 5 } });
    expect(outcome.state).toBe('done');
    expect(JSON.stringify(of('step.ended'))).toContain('What editor/scripted costs is not known');
    expect(test.server.requests).toHaveLength(2);
  });

  it('is refused as a fallback before anything is asked, and under a grant with a limit', async () => {
    const chain = 'import { model } from "assassin";\nexport const meta = { grants: ["model editor/scripted {usd 0.50}"], budget: { tokens: 100000 } };\nexport default () => model.ask("Hello?", { model: "editor/scripted" });';
    await using test = await editorTest(recorded(says('Never said.')), {}, chain);
    expect((await test.task('Go.', { fallback: ['editor/scripted'], budget: { moneyUsd: 5 } })).outcome).toMatchObject(refused);
    expect((await test.run('ask')).outcome).toMatchObject(refused);
    expect(test.server.requests).toHaveLength(0);
  });
});

describe('money', () => {
  it('holds a request back that would cost more than its grant has left', async () => {
    const chain = 'import { model } from "assassin";\nexport const meta = { grants: ["model editor/scripted {usd 0.30}"], budget: { tokens: 100000, moneyUsd: 100 } };\nexport default async () => { const ask = () => model.ask("Hello?", { model: "editor/scripted" }); await ask(); return ask(); };';
    await using test = await editorTest(recorded({ ...says('Yes.'), usage: { prompt_tokens: 100, completion_tokens: 100 } }), { modelPrices: { 'editor/scripted': { input: 0, output: 1000 } } }, chain);
    const { outcome } = await test.run('ask');
    // A request takes 256 tokens of answer at least, which are $0.256. The first one costs $0.10.
    expect(outcome.state).toBe('failed');
    expect(test.server.requests.map(({ body }) => body['max_tokens'])).toEqual([299]);
  });

  it('is held for a dearer model that answers in place of the one that was paid for', async () => {
    await using test = await editorTest(recorded({ status: 400, body: { error: { message: 'no' } } }, says('Never said.')), { modelPrices: { 'editor/scripted': { input: 1000, output: 1000 } } });
    const { outcome } = await test.task('Go.', { fallback: ['editor/scripted'], budget: { moneyUsd: 0.01 } });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'moneyUsd' } } });
    expect(test.server.requests).toHaveLength(1);
  });
});
