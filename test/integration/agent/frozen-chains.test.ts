import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, finishChecked, recorded, taskTest, type TaskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const start = { budget: { tokens: 1_000_000 }, model: 'test/scripted' } as const;
const chain = '.assassin/chains/count.ts';
const source = `import { workspace } from "assassin";
export const meta = { description: "Counts lines.", grants: ["fs.read data.txt"] };
export default async function () {
  const text = await workspace.readFile("data.txt");
  return text.split("\\n").length;
}
`;

describe('a frozen task', () => {
  it('takes what the person had named as input, and does without one what the task did', async () => {
    await using test = await taskTest(sandbox, { 'names.txt': 'ada\nbob\n' }, recorded(
      code('import { workspace } from "assassin";\nexport default async function () {\n  const lines = (await workspace.readFile("names.txt")).split("\\n").filter(Boolean);\n  await workspace.writeFile("out/greetings.txt", lines.map((line) => `Hello ${line}`).slice(0, 2).join("\\n"));\n  return lines.length;\n}'),
      finish('done'),
    ));
    const { outcome } = await test.task('Greet the first 2 of names.txt in out/greetings.txt.', { grants: ['fs.write out/**'] });
    const { path, inputs, grants } = await test.runtime.freeze(outcome.id, 'greet');
    expect(inputs).toEqual([{ name: 'path', value: 'names.txt' }, { name: 'path2', value: 'out/greetings.txt' }, { name: 'number', value: 2 }]);
    expect(grants).toEqual(['fs.read names.txt', 'fs.write out/greetings.txt']);
    expect(await test.runtime.chains.check('greet')).toEqual([]);
    expect(readFileSync(join(test.workspace, path), 'utf8')).toContain('input: { path: string; path2: string; number: number }');
    rmSync(join(test.workspace, 'out'), { recursive: true });
    const greetings = () => readFileSync(join(test.workspace, 'out/greetings.txt'), 'utf8');
    const replay = await test.run('greet');
    expect(replay.outcome).toMatchObject({ state: 'done', result: 2 });
    // What the replay did not use again is what the task's own meters say.
    const tokens = test.runtime.events(outcome.id).reduce((sum, event) => (event.type === 'meter' && /^model\.(input|output)_tokens$/.test(event.meter) ? sum + event.value : sum), 0);
    expect(tokens).toBeGreaterThan(0);
    expect(test.runtime.bill(replay.outcome.id)).toMatchObject({ realCostUsd: 0, replay: { of: outcome.id, tokens } });
    expect(greetings()).toBe('Hello ada\nHello bob');
    expect((await test.run('greet', { number: 1 })).outcome.state).toBe('done');
    expect(greetings()).toBe('Hello ada');
    // Another file is another capability: the chain says so, and its grants are the person's to change.
    expect((await test.run('greet', { path2: 'elsewhere.txt' })).outcome).toMatchObject({ state: 'failed', error: { code: 'denied' } });
    expect(test.runtime.bill(test.runtime.store.runs().items[0]!.id).replay).toBeUndefined();
    expect(test.server.requests).toHaveLength(2);
  });
});

describe('a chain whose run failed', () => {
  const edit = (oldText: string, newText: string) => calls(['edit_file', { path: chain, edits: [{ oldText, newText, all: true }] }]);
  const failed = async (test: TaskTest) => (await test.run('count')).outcome;

  it('is put right by a model that knows its source, its steps and its error; a result that does not compile goes back to it', async () => {
    await using test = await taskTest(sandbox, { [chain]: source, 'lines.txt': 'a\nb' }, recorded(
      calls(['edit_file', { path: chain, edits: [{ oldText: 'data.txt', newText: 'lines.txt', all: true }, { oldText: 'return text', newText: 'return return text' }] }]),
      finish('done'),
      edit('return return text', 'return text'),
      code('import { workspace } from "assassin"; export default () => workspace.readFile("lines.txt");'),
      finishChecked('It reads lines.txt now.'),
    ));
    const before = await failed(test);
    expect(before).toMatchObject({ state: 'failed', error: { code: 'file-not-found' } });
    const handle = await test.runtime.tasks.repairChain(before.id, start);
    const { outcome, of } = await test.finish(handle.id, handle.outcome);
    expect(outcome).toMatchObject({ state: 'done', result: { verification: 'verified', changed: [chain], repairs: 1 } });
    const told = JSON.stringify(test.server.requests[0]!.body.messages);
    for (const part of ['workspace.readFile', 'There is no data.txt', 'The step that failed first', 'Counts lines.']) expect(told).toContain(part);
    expect(of('repair.round')).toMatchObject([{ problem: expect.stringContaining('cannot be run') as string }]);
    expect(test.runtime.store.run(outcome.id)).toMatchObject({ origin: { kind: 'repair', run: before.id } });
    expect(readFileSync(join(test.workspace, chain), 'utf8')).toContain('grants: ["fs.read lines.txt"]');
    expect((await test.run('count')).outcome).toMatchObject({ state: 'done', result: 2 });
    await test.runtime.undo(outcome.id).outcome;
    expect(readFileSync(join(test.workspace, chain), 'utf8')).toBe(source);
  });

  it('is labelled unverified while it cannot be run, and nothing else of the workspace may be written', async () => {
    await using test = await taskTest(sandbox, { [chain]: source, 'other.txt': 'x' }, recorded(
      calls(['edit_file', { path: 'other.txt', edits: [{ oldText: 'x', newText: 'y' }] }]), edit('export default', 'export default export'), finish('done'), finish('done'),
    ));
    const handle = await test.runtime.tasks.repairChain((await failed(test)).id, start);
    expect(await handle.outcome).toMatchObject({ state: 'done', result: { verification: 'unverified', why: expect.stringContaining('cannot be run') as string, changed: [chain] } });
    expect(readFileSync(join(test.workspace, 'other.txt'), 'utf8')).toBe('x');
  });

  it('is only repaired where it failed', async () => {
    await using test = await taskTest(sandbox, { [chain]: source, 'data.txt': 'a' }, recorded(finish('x')));
    const { outcome } = await test.run('count');
    await expect(test.runtime.tasks.repairChain(outcome.id, start)).rejects.toMatchObject({ code: 'invalid-input' });
    const task = await test.task('Go.');
    await expect(test.runtime.tasks.repairChain(task.outcome.id, start)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
