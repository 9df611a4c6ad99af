import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/shared/json.ts';
import type { RecordedRequest } from '../../../fixtures/models/scripted-server.ts';
import type { Answer } from '../../../fixtures/models/answer.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';
import { calls, code, finish, lastResult, resultsIn, says, taskTest } from '../../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

/** What a request is about: the text of its first message of a person. */
const about = ({ body }: RecordedRequest): string => JSON.stringify(body.messages.filter(({ role }) => role !== 'tool').map(({ content }) => content));
const turn = (request: RecordedRequest): number => request.body.messages.filter(({ role }) => role === 'assistant').length;
/** The first line whose words the request has says what is answered. */
const byTask = (lines: Readonly<Record<string, (request: RecordedRequest, turn: number) => Answer>>) => (request: RecordedRequest): Answer => {
  const found = Object.entries(lines).find(([words]) => about(request).includes(words));
  if (!found) throw new Error(`Nobody answers ${about(request).slice(-300)}`);
  return found[1](request, turn(request));
};

const reviewer = '---\ndescription: Reads and judges\noutput: { type: object, required: [ok, comments], properties: { ok: { type: boolean }, comments: { type: string } } }\n---\nYou review. WORD-OF-THE-ROLE\n';

describe('a task that delegates', () => {
  it('gets each answer under the id of its own call, from child runs that are on record below it', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha\n' }, byTask({
      'PART ONE': () => finish('one'), 'PART TWO': () => finish('two'),
      'The whole': (_request, n) => (n === 0 ? calls(['delegate', { task: 'PART ONE' }, 'call_1'], ['delegate', { task: 'PART TWO' }, 'call_2']) : finish('both')),
    }));
    const { outcome, of } = await test.task('The whole.');
    expect(outcome).toMatchObject({ state: 'done', clean: true });
    const last = test.server.requests.findLast((request) => about(request).includes('The whole'))!;
    expect(resultsIn(last)).toEqual([['call_1', expect.stringContaining('"answer":"one"')], ['call_2', expect.stringContaining('"answer":"two"')]]);
    const children = test.runtime.store.children(outcome.id);
    expect(children).toMatchObject([{ parent: outcome.id, state: 'done' }, { parent: outcome.id, state: 'done' }]);
    expect(of('run.child').map(({ child }) => child).sort()).toEqual(children.map(({ id }) => id).sort());
    expect(test.runtime.detail(outcome.id).children.map(({ id }) => id)).toEqual(children.map(({ id }) => id));
    expect(test.runtime.trace(outcome.id).flatMap(({ child }) => child ?? []).sort()).toEqual(children.map(({ id }) => id).sort());
    expect(test.runtime.store.runs({ parent: null }).items.map(({ id }) => id)).toEqual([outcome.id]);
  });

  it('cannot hand on more than it has: what it may not write its agent may not write, whatever its file and the call say', async () => {
    const writer = '---\ndescription: Writes\ngrants: ["fs.write **", "exec **"]\n---\nYou write.\n';
    const edit = (path: string) => calls(['edit_file', { path, edits: [{ oldText: '', newText: 'x' }] }]);
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha\n', '.env': 'KEY=1\n', '.assassin/agents/writer.md': writer }, byTask({
      'PART': (_request, n) => [edit('in/a.txt'), edit('out/a.txt'), calls(['read_file', { path: '.env' }]), finish('tried')][n]!,
      'The whole': (_request, n) => (n === 0 ? calls(['delegate', { task: 'PART', agent: 'writer', grants: ['fs.write **', 'fs.read .env'] }]) : finish('x')),
    }));
    const { outcome } = await test.task('The whole.', { grants: ['fs.write in/**'] });
    expect(outcome.state).toBe('done');
    expect([existsSync(join(test.workspace, 'in/a.txt')), existsSync(join(test.workspace, 'out/a.txt'))]).toEqual([true, false]);
    const child = test.runtime.store.children(outcome.id)[0]!;
    const denied = test.runtime.events(child.id).flatMap((event) => (event.type === 'decision' && event.outcome === 'denied' ? [event.action] : []));
    expect(denied).toEqual([expect.stringContaining('out/a.txt'), expect.stringContaining('.env')]);
  });

  it('pays for its agents from its own budget, and goes on when one has used up its part', async () => {
    await using test = await taskTest(sandbox, { '.assassin/agents/small.md': '---\ndescription: Small\nbudget: { tokens: 300 }\n---\nYou are small.\n' }, byTask({
      'PART': () => finish('never'),
      'The whole': (_request, n) => (n === 0 ? calls(['delegate', { task: 'PART', agent: 'small' }]) : finish('x')),
    }));
    const { outcome } = await test.task('The whole.');
    expect(outcome.state).toBe('done');
    expect(lastResult(test.server.requests.at(-1)!)).toContain('tool-failed');
    const child = test.runtime.detail(test.runtime.store.children(outcome.id)[0]!.id);
    expect(child.budget.tokens).toBe(300);
    expect(child.error?.code).toBe('budget-exceeded');
    const rich = await test.task('The whole.', { budget: { tokens: 50_000 } });
    expect(rich.outcome.state).toBe('done');
  });

  it('takes its agents with it when it is cancelled', async () => {
    await using test = await taskTest(sandbox, {}, byTask({
      'PART': () => ({ stall: 'before-headers' }),
      'The whole': () => calls(['delegate', { task: 'PART' }]),
    }));
    const handle = await test.runtime.startTask('The whole.', { model: 'test/scripted', budget: { tokens: 1_000_000 } });
    await expect.poll(() => test.server.requests.length).toBe(2);
    handle.cancel('Enough.');
    const outcome = await handle.outcome;
    expect(outcome.state).toBe('cancelled');
    expect(test.runtime.store.children(outcome.id)).toMatchObject([{ state: 'cancelled' }]);
    await test.server.idle();
    expect(test.runtime.store.openRuns()).toEqual([]);
  });

  it('asks agents of agents only so deep', async () => {
    await using test = await taskTest(sandbox, {}, byTask({ '': (request, n) => (n === 0 ? calls(['delegate', { task: 'Deeper.' }]) : finish(lastResult(request).includes('3 levels') ? 'the end' : 'above')) }));
    const { outcome } = await test.task('Deeper.');
    let depth = 0;
    for (let run = outcome.id; test.runtime.store.children(run)[0]; run = test.runtime.store.children(run)[0]!.id) depth += 1;
    expect(depth).toBe(3);
    expect(outcome.state).toBe('done');
  });
});

describe('an agent of the workspace', () => {
  it('works with its role, and its answer is held to its schema: sent back once, then the agent has failed', async () => {
    await using test = await taskTest(sandbox, { '.assassin/agents/reviewer.md': reviewer }, byTask({
      'Good': (_request, n) => (n === 0 ? finish('fine') : finish({ ok: true, comments: 'fine' })),
      'Bad': () => finish('fine'),
    }));
    const good = await test.task('Good.', { agent: 'reviewer' });
    expect(good.outcome.result).toMatchObject({ answer: { ok: true, comments: 'fine' } });
    expect(about(test.server.requests[0]!)).toContain('WORD-OF-THE-ROLE');
    expect(lastResult(test.server.requests[1]!)).toContain('does not fit the schema');
    expect((await test.task('Bad.', { agent: 'reviewer' })).outcome.error).toMatchObject({ code: 'model-output' });
    await expect(test.task('x', { agent: 'reviever' })).rejects.toMatchObject({ code: 'invalid-input', hint: 'Did you mean reviewer?' });
  });

  it('has the tools of its file and no others, in code too', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha\n', '.assassin/agents/lister.md': '---\ndescription: Lists\ntools: [workspace.list]\n---\nYou list.\n' }, byTask({
      'List': (_request, n) => [code('import { workspace } from "assassin"; export default async () => [(await workspace.list()).length, await workspace.readFile("a.txt").catch((error) => error.code)];'), finish('x')][n]!,
    }));
    await test.task('List.', { agent: 'lister' });
    expect(lastResult(test.server.requests[1]!)).toContain('[2,"tool-not-found"]');
  });

  it('can be a pattern of others', async () => {
    await using test = await taskTest(sandbox, {
      '.assassin/agents/writer.md': '---\ndescription: Writes\n---\nYou write. ROLE-WRITER\n', '.assassin/agents/reviewer.md': reviewer,
      '.assassin/agents/team.md': '---\ndescription: Both\npattern: reflect\nagents: [writer, reviewer]\n---\n',
    }, byTask({
      'WORD-OF-THE-ROLE': (request) => finish(about(request).includes('LONG') ? { ok: true, comments: '' } : { ok: false, comments: 'too short' }),
      'ROLE-WRITER': (request) => finish(about(request).includes('too short') ? 'LONG' : 'short'),
    }));
    const { outcome } = await test.task('Write.', { agent: 'team' });
    expect(outcome.result).toMatchObject({ answer: { answer: 'LONG', ok: true, rounds: 2 } });
    expect(test.runtime.store.children(outcome.id)).toHaveLength(4);
  });
});

describe('code of a program', () => {
  it('lets agents work at once, and one that fails does not stop the others', async () => {
    const source = 'import { agents } from "assassin"; export default async () => (await agents.parallel(["helper", "broken", "helper"], "PART")).map((each) => each.ok ? each.answer : each.error.code);';
    await using test = await taskTest(sandbox, { '.assassin/agents/broken.md': '---\ndescription: B\noutput: { type: number }\n---\nROLE-BROKEN\n' }, byTask({
      'ROLE-BROKEN': () => finish('no number'), 'PART': () => finish('done'),
      'The whole': (_request, n) => (n === 0 ? code(source) : finish('x')),
    }));
    await test.task('The whole.');
    expect(lastResult(test.server.requests.at(-1)!)).toContain('["done","tool-failed","done"]');
  });

  it('routes to the agent that a model chooses', async () => {
    const files = { '.assassin/agents/cook.md': '---\ndescription: Cooks\n---\nROLE-COOK\n', '.assassin/agents/smith.md': '---\ndescription: Forges\n---\nROLE-SMITH\n' };
    await using test = await taskTest(sandbox, files, byTask({
      'Choose who does': () => says('smith'), 'ROLE-COOK': () => finish('soup'), 'ROLE-SMITH': () => finish('sword'),
      'The whole': (_request, n) => (n === 0 ? code('import { agents } from "assassin"; export default async () => (await agents.route(["cook", "smith"], "Make a sword.")).answer;') : finish('x')),
    }));
    await test.task('The whole.');
    expect(lastResult(test.server.requests.at(-1)!)).toContain('sword');
  });

  it('publishes to agents that listen and to those that read, checked and on record', async () => {
    const source = `import { topics } from "assassin"; export default async () => {
      await topics.define("findings", { type: "object", required: ["file"], properties: { file: { type: "string" } } });
      const wrong = await topics.publish("findings", { file: 5 }).catch((error) => error.code);
      const { number, answers } = await topics.publish("findings", { file: "a.ts" });
      return [wrong, number, answers.map((each) => each.ok ? each.answer : each.error.code), (await topics.read("findings")).map((each) => each.message)];
    };`;
    const listens = (role: string) => `---\ndescription: L\ntopics: [findings]\n---\n${role}\n`;
    await using test = await taskTest(sandbox, { '.assassin/agents/a.md': listens('ROLE-A'), '.assassin/agents/b.md': `${listens('ROLE-B').replace('topics', 'output: { type: number }\ntopics')}`, '.assassin/agents/c.md': listens('ROLE-C') }, byTask({
      'ROLE-A': (request) => finish(about(request).includes('a.ts') ? 'A saw a.ts' : 'nothing'), 'ROLE-B': () => finish('no number'), 'ROLE-C': () => finish('C'),
      'The whole': (_request, n) => (n === 0 ? code(source) : finish('x')),
    }));
    const { of } = await test.task('The whole.');
    expect(lastResult(test.server.requests.at(-1)!)).toContain('["invalid-input",1,["A saw a.ts","tool-failed","C"],[{"file":"a.ts"}]]');
    expect(of('topic.message')).toMatchObject([{ topic: 'findings', number: 1, message: { json: { file: 'a.ts' } } }]);
  });

  it('of a chain needs the model granted and tokens to spend', async () => {
    const chain = (grants: string) => `import { agents } from 'assassin'; export const meta = { grants: [${grants}], budget: { tokens: 100000 } }; export default async () => (await agents.run('helper', 'PART')).answer;`;
    await using test = await taskTest(sandbox, {}, byTask({ 'PART': () => finish('done') }));
    for (const [name, grants] of [['without', ''], ['with', "'model test/scripted', 'fs.read **'"]] as const) writeFileSync(join(test.workspace, `${name}.ts`), chain(grants));
    const run = async (name: string): Promise<{ readonly state: string; readonly result?: Json }> => {
      const handle = await test.runtime.startChain(`${name}.ts`, null);
      return handle.outcome;
    };
    expect(await run('without')).toMatchObject({ state: 'failed', error: { code: 'tool-failed', data: { code: 'denied' } } });
    expect(test.server.requests).toHaveLength(0);
    expect(await run('with')).toMatchObject({ state: 'done', result: 'done' });
  });
});
