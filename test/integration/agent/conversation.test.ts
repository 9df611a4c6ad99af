import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelDelta } from '../../../src/shared/conversation.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import type { RunHandle } from '../../../src/run/run-manager.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, finishChecked, recorded, says, taskTest, type TaskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const one = { 'a.txt': 'alpha\n' };
const read = calls(['read_file', { path: 'a.txt' }]);
const done = (test: TaskTest, handle: RunHandle) => test.finish(handle.id, handle.outcome);
const said = (test: TaskTest, index: number) => test.server.requests[index]!.body.messages.map(({ role, content }) => `${role}: ${typeof content === 'string' ? content : JSON.stringify(content)}`);
const start = { budget: { tokens: 1_000_000 }, model: 'test/scripted' } as const;

describe('a conversation', () => {
  it('streams what the model says, and has it on record when it is whole', async () => {
    await using test = await taskTest(sandbox, one, recorded({ text: ['One', ' and ', 'two'], bytesPerWrite: 40 }));
    const deltas: ModelDelta[] = [];
    using _watch = test.runtime.tasks.onDelta((delta) => {
      deltas.push(delta);
      if (delta.kind === 'text') expect(test.runtime.tasks.draft(delta.run)?.text).toContain(delta.text);
    });
    const { outcome } = await test.task('Count.');
    expect(deltas.filter(({ kind }) => kind === 'text').map(({ text }) => text).join('')).toBe('One and two');
    expect(deltas.at(-1)).toMatchObject({ run: outcome.id, kind: 'end' });
    expect(test.runtime.tasks.draft(outcome.id)).toBeUndefined();
    expect(await test.runtime.tasks.conversation(outcome.id)).toMatchObject({ task: 'Count.', state: 'done', entries: [{ type: 'person' }, { type: 'turn', turn: 1, text: 'One and two', use: { outputTokens: expect.any(Number) as number } }, { type: 'result', verification: 'unverified' }] });
  });

  it('tells the model before its next turn what the person says meanwhile, and does not end before it has heard it', async () => {
    const say = (text: string) => test.runtime.tasks.steer(test.runtime.store.runs().items[0]!.id, text).message;
    await using test: TaskTest = await taskTest(sandbox, one, recorded(
      () => {
        say('Use capitals.');
        expect(test.runtime.tasks.withdraw(test.runtime.store.runs().items[0]!.id, say('Never mind.'))).toBe(true);
        return read;
      },
      () => {
        say('And say thanks.');
        return finish('ALPHA');
      },
      finish('ALPHA, thanks'),
    ));
    const { outcome, of } = await test.task('Read the word.');
    expect(outcome.result).toMatchObject({ answer: 'ALPHA, thanks' });
    expect(said(test, 1).at(-1)).toContain('Use capitals.');
    expect(said(test, 2).at(-1)).toContain('And say thanks.');
    expect(said(test, 2).join('\n')).not.toContain('Never mind.');
    expect(of('message.read')).toHaveLength(2);
    expect(of('message.withdrawn')).toHaveLength(1);
    expect(() => test.runtime.tasks.steer(outcome.id, 'More.')).toThrow('not a task that goes on');
  });

  it('goes on after its end with everything that was said, in the same session', async () => {
    await using test = await taskTest(sandbox, one, recorded(read, finish('alpha'), says('It was alpha.')));
    const first = await test.task('Read the word.');
    const second = await done(test, await test.runtime.tasks.followUp(first.outcome.id, 'Which word was it?'));
    expect(second.outcome.result).toMatchObject({ answer: 'It was alpha.' });
    const messages = said(test, 2);
    expect(messages[0]).toMatch(/^system: /);
    expect(messages.filter((line) => line.startsWith('system: '))).toHaveLength(1);
    expect(messages.join('\n')).toMatch(/Read the word[\s\S]*alpha[\s\S]*Finished\.[\s\S]*user: Which word was it\?$/);
    const { session } = test.runtime.store.run(first.outcome.id);
    expect(test.runtime.tasks.session(session!).map(({ id }) => id)).toEqual([first.outcome.id, second.outcome.id]);
    expect(test.runtime.tasks.sessions({ search: 'THE WORD' }).items).toMatchObject([{ id: session, title: 'Read the word.', state: 'done' }]);
    expect(test.runtime.tasks.sessions({ search: 'nothing of it' }).items).toEqual([]);
    expect(await test.runtime.tasks.exportConversation(session!, 'markdown')).toMatch(/# Read the word\.[\s\S]*## Turn 1[\s\S]*read_file[\s\S]*## Result \(unverified\)[\s\S]*It was alpha\./);
    expect(JSON.parse(await test.runtime.tasks.exportConversation(first.outcome.id, 'json'))).toMatchObject({ conversations: [{ run: first.outcome.id }] });
  });

  it('can be forked from one of its turns, and the other one stays as it is', async () => {
    await using test = await taskTest(sandbox, one, recorded(read, calls(['read_file', { path: 'b.txt' }]), finish('both'), finish('forked'), finish('anew')));
    const first = await test.task('Read both.');
    const events = test.runtime.events(first.outcome.id).length;
    const fork = await done(test, await test.runtime.tasks.fork(first.outcome.id, 1, 'Only a.txt.'));
    expect(fork.outcome.result).toMatchObject({ answer: 'forked' });
    expect(said(test, 3).join('\n')).toMatch(/alpha[\s\S]*Only a\.txt\.$/);
    expect(said(test, 3).join('\n')).not.toContain('b.txt');
    expect(test.runtime.events(first.outcome.id)).toHaveLength(events);
    expect(test.runtime.store.run(fork.outcome.id)).toMatchObject({ origin: { kind: 'fork', run: first.outcome.id, turn: 1 } });
    await done(test, await test.runtime.tasks.fork(first.outcome.id, 0, 'Something else.'));
    expect(said(test, 4)).toHaveLength(3);
    await expect(test.runtime.tasks.fork(first.outcome.id, 9)).rejects.toThrow('has no turn 9');
  });

  it('resumes after a failure with what was on record, and with messages that nobody had read', async () => {
    await using test: TaskTest = await taskTest(sandbox, one, recorded(
      read,
      () => {
        test.runtime.tasks.steer(test.runtime.store.runs().items[0]!.id, 'In capitals.');
        return { status: 401 };
      },
      finish('ALPHA'),
    ));
    const first = await test.task('Read the word.');
    expect(first.outcome).toMatchObject({ state: 'failed', error: { code: 'model-auth' } });
    const second = await done(test, await test.runtime.tasks.resume(first.outcome.id));
    expect(second.outcome).toMatchObject({ state: 'done', result: { answer: 'ALPHA' } });
    expect(said(test, 2).join('\n')).toMatch(/alpha[\s\S]*It goes on now[\s\S]*In capitals\.$/);
    await expect(test.runtime.tasks.resume(second.outcome.id)).rejects.toThrow('nothing to resume');
  });

  it('reads stored results of before under the handles that were given out', async () => {
    const long = `BEGIN${'x'.repeat(20_000)}END`;
    await using test = await taskTest(sandbox, { 'a.txt': long }, recorded(read, says('Long.'), (request) => {
      const handle = /\\"handle\\":\\"(\w+)\\"/.exec(JSON.stringify(request.body.messages))![1]!;
      return calls(['read_result', { handle, offset: 19_990, length: 100 }]);
    }, says('It ends with END.')));
    const first = await test.task('Read it.');
    const { outcome } = await done(test, await test.runtime.tasks.followUp(first.outcome.id, 'How does it end?'));
    expect(outcome.state).toBe('done');
    test.runtime.store.deleteRun(first.outcome.id);
    expect(said(test, 3).at(-1)).toContain('xxxEND');
  });

  it('runs the same task again with the same options', async () => {
    await using test = await taskTest(sandbox, one, recorded(calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'beta' }] }]), finish('ok'), finish('again')));
    const first = await test.task('Change it.', { grants: ['fs.write a.txt'], maxTurns: 7 });
    const again = await test.runtime.tasks.again(first.outcome.id);
    expect(await again.outcome).toMatchObject({ state: 'done', result: { answer: 'again' } });
    const created = test.runtime.events(again.id)[0];
    expect(created).toMatchObject({ type: 'run.created', input: { json: { task: 'Change it.', grants: ['fs.write a.txt'], maxTurns: 7 } }, origin: { kind: 'again' } });
    expect(created?.type === 'run.created' && created.grants).toContain('fs.write a.txt');
  });

  it('is only of tasks', async () => {
    await using test = await taskTest(sandbox, { ...one, '.assassin/chains/c.ts': 'export default () => 1;' }, recorded());
    const handle = await test.runtime.startChain('c', null);
    await handle.outcome;
    await expect(test.runtime.tasks.resume(handle.id)).rejects.toThrow(AssassinError);
    await expect(test.runtime.tasks.conversation(handle.id)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('a plan', () => {
  const plan = '# Capitals\n\n- [ ] Change a.txt\n- [ ] Read it back\n';

  it('changes nothing but its own file, whatever the model tries and whatever is allowed elsewhere', async () => {
    const attempts = ['workspace.writeFile("a.txt", "x")', `exec(${JSON.stringify([process.execPath, '-e', 'require("fs").writeFileSync("out.txt", "x")'])})`, 'http.get("http://127.0.0.1:9/")', 'browser.open("http://127.0.0.1:9/")'];
    await using test = await taskTest(sandbox, one, recorded(
      ...attempts.map((attempt) => code(`import { workspace, exec, http, browser } from "assassin"; export default async () => { await ${attempt}; };`)),
      calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'x' }] }], ['finish', { result: 'x' }]),
      code('import { workspace } from "assassin"; export default () => workspace.readFile("a.txt");'),
      calls(['write_plan', { plan: 'No steps.' }]),
      calls(['write_plan', { plan }]),
    ), { settings: { rules: [{ effect: 'allow', grant: 'fs.write **', origin: 'test' }, { effect: 'allow', grant: `exec ${process.execPath} **`, origin: 'test' }] }, approver: { approve: () => Promise.reject(new Error('asked')), ask: () => Promise.resolve(undefined) } });
    const { outcome, of } = await test.task('Write it in capitals.', { mode: 'plan', grants: ['fs.write **', 'browser'] });
    expect(outcome).toMatchObject({ state: 'done', result: { plan: '.assassin/plans/write-it-in-capitals.md', changed: ['.assassin/plans/write-it-in-capitals.md'], verification: 'unverified' } });
    expect(readFileSync(join(test.workspace, 'a.txt'), 'utf8')).toBe('alpha\n');
    expect(existsSync(join(test.workspace, 'out.txt'))).toBe(false);
    expect(readFileSync(join(test.workspace, '.assassin/plans/write-it-in-capitals.md'), 'utf8')).toBe(plan);
    expect(of('lease.created').filter(({ kind }) => kind !== 'sandbox')).toEqual([]);
    expect(of('plan.updated').at(-1)?.steps).toEqual([{ text: 'Change a.txt', state: 'open' }, { text: 'Read it back', state: 'open' }]);
    const offered = test.server.requests[0]!.body.tools!.map(({ function: { name } }) => name);
    expect(offered).toEqual(['run_code', 'read_file', 'ask_person', 'read_result', 'write_plan']);
  });

  it('is carried out exactly as its file stands when it is approved', async () => {
    await using test = await taskTest(sandbox, one, recorded(
      calls(['write_plan', { plan }]),
      calls(['set_plan', { steps: [{ text: 'Change b.txt', state: 'doing' }] }]),
      finish('ok'),
    ));
    const planned = await test.task('Write it in capitals.', { mode: 'plan' });
    const edited = '# Mine\n\n- [ ] Change b.txt\n- [x] Nothing else\n';
    writeFileSync(join(test.workspace, '.assassin/plans/write-it-in-capitals.md'), edited);
    const acted = await done(test, await test.runtime.tasks.approvePlan(planned.outcome.id, { grants: ['fs.write b.txt'] }));
    expect(acted.outcome).toMatchObject({ state: 'done', result: { executor: 'code-act' } });
    const told = said(test, 1).at(-1)!;
    expect(told.endsWith(edited.trimEnd()) || told.endsWith(edited)).toBe(true);
    expect(told).not.toContain('Read it back');
    expect(acted.of('plan.updated')).toMatchObject([{ steps: [{ text: 'Change b.txt', state: 'open' }, { text: 'Nothing else', state: 'done' }] }, { steps: [{ state: 'doing' }] }]);
    expect(test.runtime.store.run(acted.outcome.id)).toMatchObject({ origin: { kind: 'plan', run: planned.outcome.id }, session: test.runtime.store.run(planned.outcome.id).session });
    await expect(test.runtime.tasks.approvePlan(acted.outcome.id)).rejects.toThrow('has made no plan');
  });
});

describe('a check that the person has named', () => {
  const program = (source: string) => `"${process.execPath}" -e '${source}'`;
  const passes = program('process.exit(require("fs").readFileSync("a.txt", "utf8") === "fixed" ? 0 : 1)');
  const write = (text: string) => calls(['edit_file', { path: 'a.txt', edits: [{ oldText: text === 'fixed' ? 'wrong' : 'alpha', newText: text }] }]);

  it('decides whether the result is verified, and gives the model bounded rounds with their price first', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(write('wrong'), finish('done'), write('fixed'), finish('done')), { settings: { modelPrices: { 'test/scripted': { input: 1, output: 2 } } } });
    const { outcome, of } = await test.task('Fix it.', { grants: ['fs.write a.txt'], check: passes, budget: { moneyUsd: 5 } });
    expect(outcome.result).toMatchObject({ verification: 'verified', repairs: 1 });
    expect(of('repair.round')).toMatchObject([{ round: 1, of: 3, problem: expect.stringContaining('exit code 1') as string }]);
    const [round] = of('repair.round');
    expect(round!.spentTokens).toBeGreaterThan(0);
    expect(round!.spentUsd).toBeGreaterThan(0);
    expect(round!.estimateTokens).toBe(round!.spentTokens);
    expect(of('run.log').map(({ message }) => message).join('\n')).toContain('Round 1 of 3');
    // The price is on record before the request that it is about.
    const next = of('step.started').find(({ kind, seq }) => kind === 'model' && seq > round!.seq);
    expect(next).toBeDefined();
    expect(said(test, 2).at(-1)).toContain('did not pass');
  });

  it('ends unverified when the rounds are used up, or when the model only insists', async () => {
    const look = code('import { workspace } from "assassin"; export default () => workspace.readFile("a.txt");');
    await using bounded = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(finish('1'), look, finish('2'), look, finish('3')));
    const { outcome, of } = await bounded.task('Fix it.', { check: passes, maxRepairs: 2 });
    expect(outcome.result).toMatchObject({ verification: 'unverified', why: expect.stringContaining('exit code 1') as string, repairs: 2, answer: '3' });
    expect(of('repair.round')).toHaveLength(2);
    await using insists = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(finish('1'), finish('1')));
    expect((await insists.task('Fix it.', { check: passes })).outcome.result).toMatchObject({ verification: 'unverified', repairs: 1 });
  });

  it('is refused where it is no command', async () => {
    await using test = await taskTest(sandbox, one, recorded());
    await expect(test.runtime.startTask('Go.', { ...start, check: 'npm "test' })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('a question to the person', () => {
  const ask = calls(['ask_person', { question: 'Which one?', choices: ['red', 'blue'] }]);

  it('is answered by whoever answers first, and the door is told that it is over', async () => {
    let taken: AbortSignal | undefined;
    const approver = { approve: () => Promise.resolve(undefined), ask: ({ signal }: { readonly signal: AbortSignal }) => {
      taken = signal;
      return new Promise<undefined>(() => undefined);
    } };
    await using test = await taskTest(sandbox, one, recorded(ask, finish('ok')), { approver });
    using _watch = test.runtime.tasks.onQuestion(({ ask: id, open }) => {
      if (!open) return;
      expect(test.runtime.tasks.questions()).toMatchObject([{ ask: id, question: 'Which one?', choices: ['red', 'blue'] }]);
      queueMicrotask(() => expect(test.runtime.tasks.answer(id, 'blue')).toBe(true));
    });
    const { of } = await test.task('Ask me.');
    expect(taken?.aborted).toBe(true);
    expect(of('answer')).toMatchObject([{ answer: 'blue' }]);
    expect(said(test, 1).at(-1)).toContain('blue');
    expect(test.runtime.tasks.answer(of('ask')[0]!.ask, 'red')).toBe(false);
  });

  it('ends without an answer where nobody is there, and says why', async () => {
    await using test = await taskTest(sandbox, one, recorded(ask, finish('ok')));
    const { of, outcome } = await test.task('Ask me.');
    expect(outcome.state).toBe('done');
    expect(of('ask.closed')).toMatchObject([{ reason: 'Nobody answered.' }]);
    expect(said(test, 1).at(-1)).toContain('Nobody answered');
  });
});

describe('a check of the model itself', () => {
  it('counts as a round too when it does not hold and the model then works on', async () => {
    const bad = code('export default () => { throw new Error("no"); }');
    const good = code('import { workspace } from "assassin"; export default () => workspace.readFile("a.txt");');
    await using test = await taskTest(sandbox, one, recorded(bad, finishChecked('x'), good, finishChecked('x')));
    const { outcome, of } = await test.task('Read.');
    expect(outcome.result).toMatchObject({ verification: 'verified', repairs: 1 });
    expect(of('repair.round')).toMatchObject([{ round: 1, problem: expect.stringContaining('it failed') as string }]);
  });
});
