import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { Journal } from '../../../src/run/journal.ts';
import { tagRun } from '../../../src/run/tag-run.ts';
import type { EventBody, Mark, RunKind } from '../../../src/shared/events.ts';
import type { RunFilter } from '../../../src/shared/run-filter.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const host = { pid: 1, start: 'a' };
let directory: string;
let store: RunStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'filters-'));
  store = new RunStore(directory);
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

interface Facts {
  readonly kind?: RunKind;
  readonly at?: number;
  readonly ms?: number;
  readonly session?: string;
  readonly parent?: string;
  readonly end?: 'done' | 'failed';
  readonly bodies?: readonly EventBody[];
}

function record(run: string, { kind = 'task', at = 1000, ms = 10, session, parent, end = 'done', bodies = [] }: Facts = {}): void {
  let now = at;
  const journal = new Journal({ run, store, host, redactor: new Redactor(), now: () => now });
  journal.append({
    type: 'run.created', kind, title: `Task ${run}`, source: '', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0',
    ...(session === undefined ? {} : { session }), ...(parent === undefined ? {} : { parent: { run: parent, step: 's', key: 'k', agent: 'a' } }),
  }, { type: 'run.state', from: 'queued', to: 'running' }, ...bodies);
  now += ms;
  journal.append({ type: 'run.state', from: 'running', to: end });
}

const step = (kind: 'model' | 'mcp' | 'browser' | 'sandbox', name: string): EventBody => ({ type: 'step.started', step: `s-${name}`, kind, name });
const cost = (value: number, mark: Mark = 'computed'): EventBody => ({ type: 'meter', meter: 'model.cost_usd', value, mark, source: 'x' });
const tags = (...add: readonly string[]): EventBody => ({ type: 'run.tagged', add, remove: [], by: 'chain' });
const found = async (filter: RunFilter, words = '') => (await store.texts.search({ words, filter })).map(({ run }) => run);

describe('filters over what was run', () => {
  beforeEach(() => {
    record('run_1', { at: 1000, bodies: [step('model', 'openai/gpt-5'), step('mcp', 'mcp.files.write_file'), cost(0.25), tags('eu', 'nightly')] });
    record('run_2', { at: 2000, ms: 5000, kind: 'chain', end: 'failed', bodies: [step('browser', 'page.goto'), step('sandbox', 'gpt-5 but no model'), tags('eu')] });
    record('run_3', { at: 3000, session: 'ses_1', bodies: [step('model', 'anthropic/claude'), cost(0, 'unknown')] });
    record('run_4', { at: 4000, session: 'ses_1', parent: 'run_3', bodies: [step('model', 'openai/gpt-5-mini'), cost(2)] });
  });

  it.each<readonly [RunFilter, readonly string[]]>([
    [{}, ['run_4', 'run_3', 'run_2', 'run_1']],
    [{ states: ['failed'] }, ['run_2']],
    [{ states: ['failed', 'done'], kinds: ['chain'] }, ['run_2']],
    [{ kinds: ['task'] }, ['run_4', 'run_3', 'run_1']],
    [{ models: ['GPT-5'] }, ['run_4', 'run_1']],
    [{ tools: ['write_file'] }, ['run_1']],
    [{ tools: ['page.'] }, ['run_2']],
    [{ tools: ['page.', 'WRITE_file'] }, ['run_2', 'run_1']],
    [{ tools: ['page.', 'write_file'], models: ['claude', 'gpt-5'], minCostUsd: 0.1 }, ['run_1']],
    [{ states: ['done', 'failed'], kinds: ['task', 'chain'], tools: ['page.', 'write_file'], minMs: 1000 }, ['run_2']],
    [{ models: [] }, ['run_4', 'run_3', 'run_2', 'run_1']],
    [{ tags: ['eu'] }, ['run_2', 'run_1']],
    [{ tags: ['eu', 'nightly'] }, ['run_1']],
    [{ tags: ['EU'] }, []],
    [{ tags: [] }, ['run_4', 'run_3', 'run_2', 'run_1']],
    [{ session: 'ses_1' }, ['run_4', 'run_3']],
    [{ minCostUsd: 0.25 }, ['run_4', 'run_1']],
    [{ maxCostUsd: 0.25 }, ['run_2', 'run_1']],
    [{ from: 2000, to: 4000 }, ['run_3', 'run_2']],
    [{ minMs: 5000 }, ['run_2']],
    [{ models: ['%'], tools: ['_'] }, []],
    [{ models: ["'; DROP TABLE runs; --"] }, []],
  ])('%j finds what passes all of it', async (filter, runs) => {
    expect(await found(filter)).toEqual(runs);
  });

  it('narrows a search by words, and pages', async () => {
    expect(await found({ kinds: ['task'], maxCostUsd: 1 }, 'task')).toEqual(['run_1']);
    expect((await store.texts.search({ words: 'task', filter: { kinds: ['task'] }, limit: 1, after: 'run_4' })).map(({ run }) => run)).toEqual(['run_3']);
    expect(await store.texts.search({ words: '', topOnly: true, limit: 2 })).toEqual([{ run: 'run_3' }, { run: 'run_2' }]);
  });

  it('offers what there is to choose from, of one workspace', async () => {
    await store.texts.catchUp();
    expect(store.texts.names.facets('/w')).toEqual({ models: ['anthropic/claude', 'openai/gpt-5', 'openai/gpt-5-mini'], tools: ['mcp.files.write_file', 'page.goto'], tags: ['eu', 'nightly'] });
    expect(store.texts.names.facets('/elsewhere')).toEqual({ models: [], tools: [], tags: [] });
  });

  it('forgets the names of a run that is deleted, and keeps few of one that has many', async () => {
    record('run_5', { bodies: Array.from({ length: 700 }, (_, i) => step('mcp', `tool ${i}`)) });
    await store.texts.catchUp();
    expect(await found({ tools: ['tool 499'] })).toEqual(['run_5']);
    expect(await found({ tools: ['tool 500'] })).toEqual([]);
    store.deleteRun('run_5');
    expect(await found({ tools: ['tool 1'] })).toEqual([]);
  });

  it('knows the names of runs that an older version has taken into its index', async () => {
    const older = join(directory, 'older');
    mkdirSync(older);
    const version = migrations.findIndex((sql) => sql.includes('CREATE TABLE run_names'));
    const db = new DatabaseSync(join(older, 'assassin.db'));
    for (const sql of migrations.slice(0, version)) db.exec(sql);
    db.exec(`PRAGMA user_version = ${version}`);
    db.prepare('INSERT INTO runs (id, kind, title, source, workspace, state, created_at, host_pid, host_start, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run('run_9', 'task', 'Old', '', '/w', 'done', 1, 1, 'a', 3);
    const insert = db.prepare('INSERT INTO events (run, seq, at, type, body) VALUES (?, ?, ?, ?, ?)');
    for (const [i, { type, ...body }] of [step('model', 'openai/gpt-5'), step('mcp', 'mcp.files.write_file'), step('sandbox', 'no tool')].entries()) insert.run('run_9', i + 1, 1, type, JSON.stringify(body));
    db.prepare('INSERT INTO run_text_progress (run, seq) VALUES (?, ?)').run('run_9', 3);
    db.close();
    using opened = new RunStore(older);
    expect((await opened.texts.search({ words: '', filter: { models: ['gpt-5'] } })).map(({ run }) => run)).toEqual(['run_9']);
    expect(opened.texts.names.facets().tools).toEqual(['mcp.files.write_file']);
  });
});

describe('tags that a person sets', () => {
  const redactor = new Redactor();
  const tag = (run: string, add: readonly string[], remove: readonly string[] = []) => tagRun({ store, host, redactor }, undefined, run, { add, remove });

  it('are put on and taken off a run that has ended, by events of its journal', () => {
    record('run_1');
    expect(tag('run_1', [' eu ', 'nightly', 'eu'])).toEqual(['eu', 'nightly']);
    expect(tag('run_1', ['third'], ['eu'])).toEqual(['nightly', 'third']);
    expect(store.events('run_1').slice(-2)).toMatchObject([{ seq: 4, type: 'run.tagged', add: ['eu', 'nightly'], by: 'person' }, { seq: 5, add: ['third'], remove: ['eu'] }]);
  });

  it('may come from two programs at once', () => {
    record('run_1');
    using other = new RunStore(directory);
    const racing = new Proxy(store, {
      get: (target, name) => {
        if (name === 'run') return target.run.bind(target);
        if (name !== 'append') return Reflect.get(target, name, target) as unknown;
        return (...args: Parameters<RunStore['append']>) => {
          if (other.traces.tags('run_1').length === 0) tagRun({ store: other, host, redactor }, undefined, 'run_1', { add: ['theirs'] });
          target.append(...args);
        };
      },
    });
    expect(tagRun({ store: racing, host, redactor }, undefined, 'run_1', { add: ['ours'] })).toEqual(['ours', 'theirs']);
  });

  it.each([[''], ['a,b'], ['x'.repeat(101)], ['two\nlines']])('%j cannot be one', (word) => {
    record('run_1');
    expect(() => tag('run_1', [word])).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(store.run('run_1').events).toBe(3);
  });

  it('are at most fifty, of a run that there is and that does not go on elsewhere', () => {
    record('run_1');
    tag('run_1', Array.from({ length: 50 }, (_, i) => `t${i}`));
    expect(() => tag('run_1', ['one more'])).toThrow('50 tags');
    expect(tag('run_1', ['one more'], ['t0'])).toHaveLength(50);
    expect(() => tag('run_9', ['x'])).toThrow(expect.objectContaining({ code: 'run-not-found' }));
    new Journal({ run: 'run_2', store, host, redactor }).append({ type: 'run.created', kind: 'task', title: 'x', source: '', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0' });
    expect(() => tag('run_2', ['x'])).toThrow('another window');
  });
});

it.each<readonly [readonly Mark[], Mark]>([
  [['computed'], 'computed'], [['unknown', 'computed'], 'unknown'], [['computed', 'unknown'], 'unknown'], [['estimated', 'billed', 'measured'], 'estimated'], [['billed', 'computed'], 'computed'], [[], 'measured'],
])('the cost of a run with parts that are %o is %s, together or one by one, alone or in its conversation', (parts, mark) => {
  record('run_1', { session: 'ses_1', bodies: parts.map((part) => cost(0.5, part)) });
  record('run_2', { session: 'ses_1' });
  expect(store.run('run_1')).toMatchObject({ costUsd: parts.length / 2, costMark: mark });
  expect(store.run('run_2')).toMatchObject({ costUsd: 0, costMark: 'measured' });
  expect(store.sessions({ workspace: '/w' }).items).toMatchObject([{ costUsd: parts.length / 2, costMark: mark }]);
  const journal = new Journal({ run: 'run_3', store, host, redactor: new Redactor(), now: () => 1 });
  journal.append({ type: 'run.created', kind: 'task', title: 'x', source: '', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0' });
  for (const part of parts) journal.append(cost(0.5, part));
  expect(store.run('run_3')?.costMark).toBe(mark);
});
