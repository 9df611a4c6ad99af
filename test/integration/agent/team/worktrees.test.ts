import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denyAll } from '../../../../src/policy/approver.ts';
import { Runtime } from '../../../../src/runtime.ts';
import { defaultSettings } from '../../../../src/runtime-options.ts';
import type { Answer } from '../../../fixtures/models/answer.ts';
import { scriptedServer, type RecordedRequest } from '../../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';
import { calls, code, finish, lastResult, taskTest } from '../../../helpers/tasks.ts';
import { testWorkspace } from '../../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const editor = '---\ndescription: Edits\ngrants: ["fs.write **"]\nworktree: true\n---\nYou edit. ROLE-EDITOR\n';
const git = (cwd: string, ...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const commit = (workspace: string) => {
  git(workspace, 'init', '-q');
  git(workspace, 'add', '--all');
  git(workspace, 'commit', '-qm', 'first');
};
const about = ({ body }: RecordedRequest): string => JSON.stringify(body.messages.filter(({ role }) => role !== 'tool').map(({ content }) => content));
const turn = ({ body }: RecordedRequest): number => body.messages.filter(({ role }) => role === 'assistant').length;
const edit = (path: string, oldText: string, newText: string): Answer => calls(['edit_file', { path, edits: [{ oldText, newText }] }]);
const read = (workspace: string, path: string) => readFileSync(join(workspace, path), 'utf8');
const worktreesOf = (workspace: string) => git(workspace, 'worktree', 'list').trim().split('\n');
const worktrees = () => readdirSync(tmpdir()).filter((name) => name.startsWith('ia-worktree'));

/** Both agents work at once; each of them says what it edits. */
const both = (parts: Readonly<Record<string, Answer>>, more: (request: RecordedRequest) => Answer | undefined = () => undefined) => (request: RecordedRequest): Answer => {
  const other = more(request);
  if (other) return other;
  const part = Object.keys(parts).find((name) => about(request).includes(name) && about(request).includes('ROLE-EDITOR'));
  if (part) return turn(request) === 0 ? parts[part]! : finish(`${part} done`);
  return turn(request) === 0 ? calls(...Object.keys(parts).map((name) => ['delegate', { agent: 'editor', task: name }] as const)) : finish('both');
};

describe('agents that edit in worktrees', () => {
  it('bring their changes back together, uncommitted work of the person included, and leave nothing behind', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n', 'gone.txt': 'x\n', '.gitignore': 'node_modules/\n', 'node_modules/p/index.js': '1', '.assassin/agents/editor.md': editor }, both({
      'PART-TOP': edit('a.txt', '1\nmine', '1!\nmine'), 'PART-END': calls(['edit_file', { path: 'a.txt', edits: [{ oldText: '7\n', newText: '7!\n' }] }], ['edit_file', { path: 'made/b.txt', edits: [{ oldText: '', newText: 'b\n' }] }]),
    }));
    commit(test.workspace);
    writeFileSync(join(test.workspace, 'a.txt'), '1\nmine\n3\n4\n5\n6\n7\n');
    const before = worktrees();
    const { outcome, of } = await test.task('Both.', { grants: ['fs.write **'] });
    expect(outcome).toMatchObject({ state: 'done', clean: true });
    expect(read(test.workspace, 'a.txt')).toBe('1!\nmine\n3\n4\n5\n6\n7!\n');
    expect(read(test.workspace, 'made/b.txt')).toBe('b\n');
    expect(of('lease.destroyed').filter(({ how }) => how.includes('does not know it'))).toHaveLength(2);
    expect(git(test.workspace, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(worktrees()).toEqual(before);
    expect(git(test.workspace, 'fsck', '--unreachable', '--no-reflogs').trim()).toBe('');
    // What they changed is the parent's to undo, byte for byte.
    await test.runtime.undo(outcome.id).outcome;
    expect(read(test.workspace, 'a.txt')).toBe('1\nmine\n3\n4\n5\n6\n7\n');
    expect(existsSync(join(test.workspace, 'made/b.txt'))).toBe(false);
  });

  it('wait for a worktree that another git is just making in the repository: its half entry would stop theirs', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'one\n', '.assassin/agents/editor.md': editor }, both({ 'PART-X': edit('a.txt', 'one', '1') }));
    commit(test.workspace);
    const half = join(test.workspace, '.git', 'worktrees', 'half');
    mkdirSync(half, { recursive: true });
    for (const [name, text] of [['gitdir', '/elsewhere/.git\n'], ['HEAD', git(test.workspace, 'rev-parse', 'HEAD')], ['commondir', '']] as const) writeFileSync(join(half, name), text);
    expect(() => git(test.workspace, 'worktree', 'list')).toThrow(/failed to read/);
    const handle = await test.runtime.startTask('Edit.', { model: 'test/scripted', grants: ['fs.write **'], budget: { tokens: 1_000_000 } });
    // The other git goes away once ours has begun.
    using _whole = test.runtime.store.onAppend((events) => {
      if (events.some((event) => event.type === 'lease.created' && event.label.startsWith('Worktree of'))) setTimeout(() => rmSync(half, { recursive: true, force: true }), 120);
    });
    expect((await test.finish(handle.id, handle.outcome)).outcome).toMatchObject({ state: 'done', clean: true });
    expect(read(test.workspace, 'a.txt')).toBe('1\n');
    expect(worktreesOf(test.workspace)).toHaveLength(1);
  });

  it('that change the same line: the second is a conflict with place and both sides, and nothing is overwritten', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'one\ntwo\nthree\n', '.assassin/agents/editor.md': editor }, both({ 'PART-X': edit('a.txt', 'two', 'XXX'), 'PART-Y': edit('a.txt', 'two', 'YYY') }));
    commit(test.workspace);
    await test.task('Both.', { grants: ['fs.write **'] });
    const now = read(test.workspace, 'a.txt');
    expect(['one\nXXX\nthree\n', 'one\nYYY\nthree\n']).toContain(now);
    const results = test.server.requests.at(-1)!.body.messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
    const conflict = results.find((text) => !text.includes('"conflicts":[]'))!;
    const [ours, theirs] = now.includes('XXX') ? ['XXX', 'YYY'] : ['YYY', 'XXX'];
    expect(conflict).toContain(`"conflicts":[{"path":"a.txt","why":"the same lines were changed meanwhile","places":[{"line":2,"base":"two\\n","ours":"${ours}\\n","theirs":"${theirs}\\n"}]}]`);
  });

  it('do not write past the copy, nor bring in what the run that asked may not write', async () => {
    await using test = await taskTest(sandbox, { 'src/a.txt': 'a\n', 'b.txt': 'b\n', '.assassin/agents/editor.md': editor }, (request) => {
      if (!about(request).includes('ROLE-EDITOR')) return turn(request) === 0 ? calls(['delegate', { agent: 'editor', task: 'PART' }]) : finish('x');
      return [edit(join(test.workspace, 'src/a.txt'), 'a', 'PAST'), edit('b.txt', 'b', 'PAST'), edit('src/a.txt', 'a', 'A'), code('import { workspace } from "assassin"; export default () => workspace.readFile("src/a.txt");'), finish('x')][turn(request)]!;
    });
    commit(test.workspace);
    const { outcome } = await test.task('Go.', { grants: ['fs.write src/**'] });
    expect([read(test.workspace, 'src/a.txt'), read(test.workspace, 'b.txt')]).toEqual(['A\n', 'b\n']);
    const child = test.runtime.events(test.runtime.store.children(outcome.id)[0]!.id);
    expect(child.flatMap((event) => (event.type === 'step.ended' && event.status === 'denied' ? [event.error?.message ?? ''] : []))).toEqual(expect.arrayContaining([expect.stringContaining('copy of the workspace') as string, expect.stringContaining('b.txt') as string]));
  });

  it('take turns in the workspace itself where there is no repository, and say so', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'one\ntwo\n', '.assassin/agents/editor.md': editor }, both({ 'PART-X': edit('a.txt', 'one', '1'), 'PART-Y': edit('a.txt', 'two', '2') }));
    const { of } = await test.task('Both.', { grants: ['fs.write **'] });
    expect(read(test.workspace, 'a.txt')).toBe('1\n2\n');
    expect(of('run.log').map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining('in no git repository') as string]));
    const [first, second] = test.runtime.store.children(of('run.created')[0]!.run);
    expect(first!.endedAt).toBeLessThanOrEqual(second!.createdAt);
    expect(lastResult(test.server.requests.at(-1)!)).toContain('one at a time');
  });
});

describe('a host that is killed', () => {
  const run = async (workspace: string, store: string, baseUrl: string) => Runtime.open({
    workspace, dataDirectory: store, distDirectory: sandbox.assets, version: '0.0.0', approver: denyAll, log: () => undefined,
    settings: { ...defaultSettings, discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl }] },
  });
  const killed = async (workspace: string, store: string, baseUrl: string, until: string, how: 'start' | 'resume' = 'start') => {
    const host = spawn(process.execPath, [join(import.meta.dirname, '../../../fixtures/agent/killed-parent.ts'), workspace, store, sandbox.assets.href, baseUrl, until, how], { stdio: ['ignore', 'inherit', 'inherit'] });
    expect((await once(host, 'exit') as [number | null, string | null])[1]).toBe('SIGKILL');
  };

  it('with a worktree under way leaves none: folder and repository are swept at the next start, other worktrees are not touched', async () => {
    await using server = await scriptedServer((request) => (about(request).includes('ROLE-EDITOR') ? (turn(request) === 0 ? edit('a.txt', 'one', '1') : finish('x')) : calls(['delegate', { agent: 'editor', task: 'PART' }])));
    using workspace = testWorkspace({ 'a.txt': 'one\n', '.assassin/agents/editor.md': editor });
    using data = testWorkspace();
    commit(workspace.path);
    const elsewhere = join(data.path, 'elsewhere');
    git(workspace.path, 'worktree', 'add', '-q', '--detach', elsewhere);
    execFileSync('mv', [elsewhere, `${elsewhere}-unplugged`]);
    const before = worktrees();
    await killed(workspace.path, join(data.path, 'store'), server.baseUrl, 'file.written');
    expect(worktrees().length).toBe(before.length + 1);
    await using runtime = await run(workspace.path, join(data.path, 'store'), server.baseUrl);
    expect(runtime.swept.interruptedRuns).toHaveLength(2);
    expect(runtime.swept.leases).toEqual(expect.arrayContaining([expect.objectContaining({ verified: true, how: expect.stringContaining('has forgotten it') as string }) as object]));
    expect(worktrees()).toEqual(before);
    expect(git(workspace.path, 'worktree', 'list', '--porcelain').match(/^worktree .*$/gm)).toEqual([`worktree ${workspace.path}`, `worktree ${elsewhere}`]);
    expect(read(workspace.path, 'a.txt')).toBe('one\n');
  });

  it('after an agent was done, before its answer was used: the task that is resumed gets the recorded answer and its changes, and no agent works twice', async () => {
    const parts: string[] = [];
    await using server = await scriptedServer((request) => {
      if (about(request).includes('ROLE-EDITOR')) {
        if (turn(request) === 0) parts.push('edit');
        return turn(request) === 0 ? edit('a.txt', 'one', '1') : finish('PART done');
      }
      return lastResult(request).includes('PART done') ? finish('all done') : calls(['delegate', { agent: 'editor', task: 'PART' }]);
    });
    using workspace = testWorkspace({ 'a.txt': 'one\n', '.assassin/agents/editor.md': editor });
    using data = testWorkspace();
    commit(workspace.path);
    await killed(workspace.path, join(data.path, 'store'), server.baseUrl, 'child-done');
    expect(read(workspace.path, 'a.txt')).toBe('one\n');
    await using runtime = await run(workspace.path, join(data.path, 'store'), server.baseUrl);
    const [parent] = runtime.store.runs({ parent: null }).items;
    const [child] = runtime.store.children(parent!.id);
    expect([parent!.state, child!.state]).toEqual(['interrupted', 'done']);
    const outcome = await (await runtime.tasks.resume(parent!.id)).outcome;
    expect(outcome).toMatchObject({ state: 'done', result: { answer: 'all done' } });
    expect(parts).toEqual(['edit']);
    expect(read(workspace.path, 'a.txt')).toBe('1\n');
    expect(runtime.store.children(outcome.id)).toEqual([]);
    expect(runtime.events(outcome.id).filter(({ type }) => type === 'run.child')).toMatchObject([{ child: child!.id, recorded: true }]);
  });

  it.each([['in a copy', true], ['in the workspace itself', false]])('in the middle of an agent that works %s: with the task the agent goes on where it was, its turns are not asked for again, and what it had written is there', async (_, inRepository) => {
    const asked: string[] = [];
    const sent: string[] = [];
    await using server = await scriptedServer((request) => {
      if (!about(request).includes('ROLE-EDITOR')) return lastResult(request).includes('PART done') ? finish('all done') : calls(['delegate', { agent: 'editor', task: 'PART' }]);
      asked.push(String(turn(request)));
      sent.push(lastResult(request), JSON.stringify(request.body.messages));
      return [edit('a.txt', 'one', '1'), edit('a.txt', 'two', '2'), calls(['read_file', { path: 'a.txt' }]), finish('PART done')][turn(request)]!;
    });
    using workspace = testWorkspace({ 'a.txt': 'one\ntwo\nmine\n', '.assassin/agents/editor.md': editor });
    using data = testWorkspace();
    if (inRepository) commit(workspace.path);
    const store = join(data.path, 'store');
    await killed(workspace.path, store, server.baseUrl, 'Turn 3');
    expect(asked).toEqual(['0', '1']);
    await using runtime = await run(workspace.path, store, server.baseUrl);
    const [parent] = runtime.store.runs({ parent: null }).items;
    const [child] = runtime.store.children(parent!.id);
    expect([parent!.state, child!.state]).toEqual(['interrupted', 'interrupted']);
    const outcome = await (await runtime.tasks.resume(parent!.id)).outcome;
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { answer: 'all done' } });
    expect(asked).toEqual(['0', '1', '2', '3']);
    expect(sent[5]).toContain('The program that ran you ended in the middle');
    // It sees its files as it had left them.
    expect(sent[6]).toContain('1\n2\nmine\n');
    expect(read(workspace.path, 'a.txt')).toBe('1\n2\nmine\n');
    const [again] = runtime.store.children(outcome.id);
    expect(runtime.events(again!.id)[0]).toMatchObject({ type: 'run.created', origin: { kind: 'resume', run: child!.id }, parent: { run: outcome.id } });
  });

  it('a second time while the agent goes on: its third life goes on from the second, and nothing that was done once is done again', async () => {
    const asked: string[] = [];
    await using server = await scriptedServer((request) => {
      if (!about(request).includes('ROLE-EDITOR')) return lastResult(request).includes('PART done') ? finish('all done') : calls(['delegate', { agent: 'editor', task: 'PART' }]);
      asked.push(String(turn(request)));
      return [edit('a.txt', 'one', '1'), edit('a.txt', 'two', '2'), finish('PART done')][turn(request)]!;
    });
    using workspace = testWorkspace({ 'a.txt': 'one\ntwo\n', '.assassin/agents/editor.md': editor });
    using data = testWorkspace();
    commit(workspace.path);
    const store = join(data.path, 'store');
    await killed(workspace.path, store, server.baseUrl, 'Turn 2');
    await killed(workspace.path, store, server.baseUrl, 'Turn 2', 'resume');
    await using runtime = await run(workspace.path, store, server.baseUrl);
    const last = runtime.store.runs({ parent: null }).items[0]!;
    const outcome = await (await runtime.tasks.resume(last.id)).outcome;
    expect(outcome).toMatchObject({ state: 'done', result: { answer: 'all done' } });
    expect(asked).toEqual(['0', '1', '2']);
    expect(read(workspace.path, 'a.txt')).toBe('1\n2\n');
  });
});
