import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import * as z from 'zod/mini';
import { journalEvent, outputLine } from '../../../src/shared/event-schema.ts';
import type { JsonSchema } from '../../../src/shared/json.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { calls, code, finishChecked, recorded } from '../../helpers/tasks.ts';
import { CommandLine, hasTerminal, type RunDocument } from './command-line.ts';

const flags = (baseUrl: string) => ['--endpoint', baseUrl, '--model', 'scripted', '--budget', 'tokens=100000'];
const edit = () => recorded(
  calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'beta' }] }]),
  code('import { workspace } from "assassin"; export default () => workspace.readFile("a.txt");'),
  finishChecked('alpha is beta now'),
);

describe('the task command', () => {
  it('lets a model of an endpoint work, tells what came out, and its files can be put back', async () => {
    await using server = await scriptedServer(edit());
    using line = new CommandLine({ 'a.txt': 'alpha\r\n' });
    const { code: exit, document } = await line.json<RunDocument>(['task', 'Make', 'it', 'beta.', ...flags(server.baseUrl), '--allow', 'fs.write a.txt']);
    expect(document).toMatchObject({ state: 'done', clean: true, result: { answer: 'alpha is beta now', verification: 'verified', changed: ['a.txt'] }, summary: { kind: 'task', title: 'Make it beta.' } });
    expect(exit).toBe(0);
    const file = join(line.workspace, 'a.txt');
    expect(readFileSync(file, 'utf8')).toBe('beta\r\n');

    const undone = await line.json<{ readonly result: unknown }>(['runs', 'undo', document.run]);
    expect(undone).toMatchObject({ code: 0, document: { result: { files: [{ path: 'a.txt', outcome: 'restored' }], conflicts: [] } } });
    expect(readFileSync(file, 'utf8')).toBe('alpha\r\n');

    line.write('a.txt', 'by hand');
    const conflict = await line.run(['runs', 'undo', document.run]);
    expect(conflict).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') as string });
    expect(readFileSync(file, 'utf8')).toBe('by hand');
  });

  it('denies without a terminal what was not granted, and the model learns what would allow it', async () => {
    await using server = await scriptedServer(edit());
    using line = new CommandLine({ 'a.txt': 'alpha\n' });
    const { document } = await line.json<RunDocument>(['task', 'Make it beta.', ...flags(server.baseUrl)]);
    expect(document).toMatchObject({ state: 'done', result: { changed: [] } });
    expect(JSON.stringify(server.requests[1]!.body)).toContain('--allow');
    expect(readFileSync(join(line.workspace, 'a.txt'), 'utf8')).toBe('alpha\n');
  });

  it('says what is missing: tokens, a model, a server that answers', async () => {
    using line = new CommandLine();
    const none = await line.json<{ readonly error: { readonly code: string; readonly hint: string } }>(['task', 'Go.', '--endpoint', 'http://127.0.0.1:9/v1', '--model', 'scripted']);
    expect(none).toMatchObject({ code: 2, document: { error: { code: 'invalid-input', hint: expect.stringContaining('--budget tokens=') as string } } });
    const environment = { OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '', GEMINI_API_KEY: '', OPENROUTER_API_KEY: '' };
    const dead = await line.json<RunDocument>(['task', 'Go.', ...flags('http://127.0.0.1:9/v1'), '--budget', 'wallMs=3000'], environment);
    expect(dead.code).not.toBe(0);
    const blank = await line.json<{ readonly error: { readonly code: string } }>(['task', ' ', ...flags('http://127.0.0.1:9/v1')], environment);
    expect(blank).toMatchObject({ code: 2, document: { error: { code: 'invalid-input' } } });
  });

  it('plans without changing anything, carries out the plan as its file stands, and goes on in the same conversation', async () => {
    await using server = await scriptedServer(recorded(calls(['write_plan', { plan: '# P\n\n- [ ] Edit a.txt\n' }]), calls(['finish', { result: 'as planned' }]), calls(['finish', { result: 'and more' }])));
    using line = new CommandLine({ 'a.txt': 'alpha\n' });
    const planned = await line.json<RunDocument>(['task', 'Make it beta.', '--plan', ...flags(server.baseUrl), '--allow', 'fs.write **']);
    expect(planned.document).toMatchObject({ state: 'done', result: { plan: '.assassin/plans/make-it-beta.md' } });
    line.write('.assassin/plans/make-it-beta.md', '- [ ] Only this\n');
    const acted = await line.json<RunDocument>(['task', '--approve', planned.document.run, '--endpoint', server.baseUrl]);
    expect(acted.document).toMatchObject({ state: 'done', result: { answer: 'as planned', executor: 'code-act' } });
    expect(JSON.stringify(server.requests[1]!.body)).toContain('Only this');
    const { session } = acted.document.summary;
    const more = await line.json<RunDocument>(['task', '--session', session!, 'And', 'more.', '--endpoint', server.baseUrl]);
    expect(more.document).toMatchObject({ state: 'done', result: { answer: 'and more' }, summary: { session, origin: { kind: 'follow-up', run: acted.document.run } } });
    const exported = await line.run(['runs', 'export', session!, '--format', 'markdown']);
    expect(exported.stdout).toMatch(/# Make it beta\.[\s\S]*# Carry out the plan[\s\S]*And more\./);
  });

  it('resumes, forks and repeats runs, and says what goes together with what', async () => {
    let answers = 0;
    await using server = await scriptedServer(() => (answers++ === 0 ? { status: 401 } : { text: [`answer ${answers}`] }));
    using line = new CommandLine();
    const failed = await line.json<RunDocument>(['task', 'Go.', ...flags(server.baseUrl)]);
    expect(failed.document.state).toBe('failed');
    const { run } = failed.document;
    const endpoint = ['--endpoint', server.baseUrl];
    expect((await line.json<RunDocument>(['task', '--resume', run, ...endpoint])).document).toMatchObject({ state: 'done', summary: { origin: { kind: 'resume', run } } });
    expect((await line.json<RunDocument>(['task', '--fork', `${run}@0`, 'Otherwise.', ...endpoint])).document).toMatchObject({ state: 'done', summary: { origin: { kind: 'fork', run, turn: 0 } } });
    expect((await line.json<RunDocument>(['task', '--again', run, ...endpoint])).document).toMatchObject({ state: 'done', summary: { title: 'Go.', origin: { kind: 'again' } } });
    for (const wrong of [['--resume', run, '--again', run], ['--resume', run, 'Text.'], ['--session', 'ses_x'], ['--fork', run], []]) {
      expect(await line.json(['task', ...wrong, ...endpoint])).toMatchObject({ code: 2, document: { error: { code: 'invalid-input' } } });
    }
    expect((await line.json(['task', '--session', 'ses_none', 'Hi.', ...endpoint])).document).toMatchObject({ error: { code: 'run-not-found' } });
  });

  it('tells scripts what the model says while it says it', async () => {
    await using server = await scriptedServer(recorded({ text: ['Hello', ' there'] }));
    using line = new CommandLine();
    const { stdout } = await line.run(['task', 'Greet.', ...flags(server.baseUrl), '--json', '--events']);
    const lines = stdout.trim().split('\n').map((text) => JSON.parse(text) as { readonly type: string; readonly delta?: { readonly kind: string; readonly text: string } });
    expect(lines.flatMap(({ delta }) => (delta?.kind === 'text' ? [delta.text] : [])).join('')).toBe('Hello there');
    expect(lines.at(-1)).toMatchObject({ type: 'run', result: { answer: 'Hello there' } });
  });

  it('tells scripts everything that the panel shows, agents, edits, questions and checks too, each line as the schema says', async () => {
    await using server = await scriptedServer(({ body }) => {
      const asked = JSON.stringify(body.messages.filter(({ role }) => role === 'user'));
      const turn = body.messages.filter(({ role }) => role === 'assistant').length;
      if (asked.includes('PART ONE')) return { reasoning: ['Hm.'], text: ['One, '], ...calls(['finish', { result: 'one' }]) };
      return [
        calls(['set_plan', { steps: [{ text: 'Edit', state: 'doing' }] }]),
        calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'alpha', newText: 'beta' }] }]),
        calls(['edit_file', { path: 'b.txt', edits: [{ oldText: '', newText: 'refused' }] }]),
        calls(['delegate', { task: 'PART ONE' }]),
        calls(['ask_person', { question: 'Which one?' }]),
        code('export default () => 6 * 7;'),
      ][turn] ?? calls(['finish', { result: 'all' }]);
    });
    using line = new CommandLine({ 'a.txt': 'alpha\n' });
    const { stdout } = await line.run(['task', 'The whole.', ...flags(server.baseUrl), '--allow', 'fs.write a.txt', '--json', '--events']);
    const lines = stdout.trim().split('\n').map((text) => JSON.parse(text) as unknown);
    const wrong = lines.flatMap((each) => {
      const event = typeof each === 'object' && each !== null && 'event' in each ? each.event : undefined;
      const read = event === undefined ? z.safeParse(outputLine, each) : z.safeParse(journalEvent, event);
      return read.success ? [] : [{ line: each, problem: z.prettifyError(read.error) }];
    });
    expect(wrong).toEqual([]);
    const events = lines.map((each) => z.parse(outputLine, each)).flatMap((each) => (each.type === 'event' && 'event' in each ? [each.event] : []));
    expect([...new Set(events.map(({ type }) => type))]).toEqual(expect.arrayContaining([
      'run.created', 'run.state', 'step.started', 'step.ended', 'plan.updated', 'decision', 'file.written', 'run.child', 'lease.created', 'lease.destroyed', 'meter', 'run.result',
    ]));
    expect(new Set(events.map(({ run }) => run)).size).toBe(2);
    expect(lines.filter((each) => typeof each === 'object' && each !== null && 'delta' in each).length).toBeGreaterThan(0);
  });

  it.runIf(hasTerminal)('asks on the terminal what was not granted, and tells scripts of the question and its answer', async () => {
    await using server = await scriptedServer(edit());
    using line = new CommandLine({ 'a.txt': 'alpha\n' });
    const { say, seen, finished } = line.onTerminal(['task', 'Make it beta.', ...flags(server.baseUrl), '--json', '--events']);
    await seen('Allow fs.write');
    await seen('n  deny');
    expect(readFileSync(join(line.workspace, 'a.txt'), 'utf8')).toBe('alpha\n');
    say('y');
    expect((await finished).code).toBe(0);
    expect(readFileSync(join(line.workspace, 'a.txt'), 'utf8')).toBe('beta\n');
    const lines = readFileSync(join(line.workspace, 'out'), 'utf8').trim().split('\n').map((text) => z.parse(outputLine, JSON.parse(text)));
    const events = lines.flatMap((each) => (each.type === 'event' && 'event' in each ? [z.parse(journalEvent, each.event)] : []));
    const [asked, closed] = ['approval.asked', 'approval.closed'].map((type) => events.find((event) => event.type === type));
    expect(asked).toMatchObject({ action: `fs.write ${join(realpathSync(line.workspace), 'a.txt')}`, cause: 'unlisted', deadline: expect.any(Number) as number });
    expect(closed).toMatchObject({ how: 'once', approval: asked?.type === 'approval.asked' ? asked.approval : '' });
    const states = events.flatMap((event) => (event.type === 'run.state' ? [event.to] : []));
    expect(states.slice(states.indexOf('waiting'))).toEqual(['waiting', 'running', 'done']);
  });

  it('prints the schema of its lines, by which a validator that knows nothing of us checks them', async () => {
    using line = new CommandLine();
    const { code: exit, document } = await line.json<JsonSchema>(['schema']);
    expect(exit).toBe(0);
    const validator = new Ajv2020({ strict: false });
    const valid = validator.compile(document as AnySchema);
    expect(valid({ type: 'event', event: { type: 'run.cancelling', run: 'run_1', seq: 3, at: 1, reason: 'Enough.' } })).toBe(true);
    expect(valid({ type: 'event', event: { type: 'run.cancelling', run: 'run_1', seq: 3, at: 1 } })).toBe(false);
    expect(valid({ type: 'event', event: { type: 'run.unheard', run: 'run_1', seq: 3, at: 1 } })).toBe(false);
  });

  it('keeps a key out of everything that is recorded', async () => {
    await using server = await scriptedServer(recorded((request) => ({ text: [`Your key is ${String(request.headers['authorization'])}`] })));
    using line = new CommandLine();
    const { document, stderr } = await line.json<RunDocument>(['task', 'Go.', ...flags(server.baseUrl)], { ASSASSIN_API_KEY: 'sk-very-secret-key' });
    expect(server.requests[0]!.headers['authorization']).toBe('Bearer sk-very-secret-key');
    expect(JSON.stringify([document, await line.events(document.run), stderr])).not.toContain('sk-very-secret-key');
  });
});
