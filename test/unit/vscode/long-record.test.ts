import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RpcClient } from '../../../src/shared/rpc.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { spansOf } from '../../../src/telemetry/spans.ts';
import type { PanelHistory } from '../../../src/vscode/panel-ports.ts';
import { PanelService } from '../../../src/vscode/panel-service.ts';
import { FakeFigures } from '../../webview/harness/figures.ts';
import { historyOf } from '../../webview/harness/history.ts';
import { Recorder } from '../../webview/harness/record.ts';
import { recordLongRun } from '../../webview/harness/sample-runs.ts';
import { noTasks } from '../../webview/harness/tasks.ts';
import { wirePair } from '../shared/wire-pair.ts';

const events = 6000;
const open = { rest: 'open', except: [] } as const;
const workspace = '/workspace';

let directory: string;
let store: RunStore;
const ends: Disposable[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-long-record-'));
  store = new RunStore(directory);
});
afterEach(() => {
  for (const end of ends.splice(0)) end[Symbol.dispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** A page over a host that has read nothing yet. */
function connect(history: PanelHistory = historyOf(store)): RpcClient {
  const [page, host] = wirePair();
  const service = new PanelService({
    wire: host, tasks: noTasks, figures: new FakeFigures(), settings: () => ({ sendWith: 'enter' }), history, workspace: () => workspace, log: () => undefined,
    actions: { isLive: () => false, cancel: () => false, again: () => Promise.reject(new Error('no')), exportRun: () => Promise.resolve(), reload: () => undefined, openSource: () => Promise.resolve() },
  });
  const client = new RpcClient({ wire: page, log: () => undefined });
  ends.push(service, client);
  return client;
}

/** As a host whose reading takes until `read` is called. */
async function slowly(run: string): Promise<{ readonly history: PanelHistory; readonly read: () => void }> {
  const real = historyOf(store);
  const beginning = await real.beginning(run);
  const { promise, resolve } = Promise.withResolvers<void>();
  let whole = false;
  const read = () => {
    whole = true;
    resolve();
  };
  return { history: { ...real, beginning: async () => (whole ? undefined : beginning), events: (id) => promise.then(() => real.events(id)), spans: (id) => promise.then(() => real.spans(id)) }, read };
}

function changeOf(client: RpcClient, run: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on('changed', (change) => {
    if (change.run === run) resolve();
  });
  return promise;
}

test('the first rows of a long run are there before its record is read, say so, and are followed by the whole of it', async () => {
  const run = recordLongRun(store, { workspace }, events);
  const client = connect();
  const read = changeOf(client, run);
  const first = await client.request('run.spans', { run, offset: 0, limit: 100, fold: open });
  const all = spansOf(store.events(run, 0, events), 'done');
  expect(first).toMatchObject({ reading: true, total: all.length, spans: all.length });
  expect(first.rows.map(({ id }) => id)).toEqual(all.slice(0, 100).map(({ id }) => id));
  await read;
  const then = await client.request('run.spans', { run, offset: 0, limit: 100, fold: open });
  expect(then.reading).toBeUndefined();
  // The values of rows that were there at first have not changed; only what they count has.
  for (const [i, { id, status, endedAt }] of first.rows.entries()) expect(then.rows[i]).toMatchObject({ id, status, endedAt });
});

test('a step whose end stands in what was not read yet neither runs nor is lost: it is said to be unread', async () => {
  const recorder = new Recorder(store, { workspace, atOnce: true });
  recorder.enter('running');
  const root = recorder.begin({ kind: 'run', name: 'whole' });
  const half = recorder.begin({ kind: 'chain', name: 'ends in the middle', parent: root });
  for (let i = 0; i < events / 4; i++) recorder.step({ kind: 'tool', name: `before ${i}`, parent: half });
  recorder.end(half);
  for (let i = 0; i < events / 4; i++) recorder.step({ kind: 'tool', name: `after ${i}`, parent: root });
  recorder.end(root);
  recorder.done(recorder.value(null));
  const client = connect();
  const read = changeOf(client, recorder.run);
  const { rows } = await client.request('run.spans', { run: recorder.run, offset: 0, limit: 3, fold: open });
  expect(rows.map(({ name, unread, status }) => [name, unread === true, status])).toEqual([['whole', false, 'ok'], ['ends in the middle', true, 'unknown'], ['before 0', false, 'ok']]);
  // Its values wait for the record.
  expect(await client.request('run.span', { run: recorder.run, span: half })).toMatchObject({ status: 'ok', name: 'ends in the middle' });
  await read;
  const again = await client.request('run.spans', { run: recorder.run, offset: 1, limit: 1, fold: open });
  expect(again.rows[0]).toMatchObject({ name: 'ends in the middle', status: 'ok' });
  expect(again.rows[0]?.unread).toBeUndefined();
});

test('a search, a fold and a page far down are answered from the whole record, also while it is being read', async () => {
  const run = recordLongRun(store, { workspace }, events);
  const client = connect();
  const all = spansOf(store.events(run, 0, events), 'done');
  const [early, found, folded, far, line, same] = await Promise.all([
    client.request('run.spans', { run, offset: 0, limit: 10, fold: open }),
    client.request('run.spans', { run, offset: 0, limit: 10, fold: open, filter: 'Item 2716 is gone' }),
    client.request('run.spans', { run, offset: 0, limit: 10, fold: { rest: 'closed', except: [] } }),
    client.request('run.spans', { run, offset: all.length - 5, limit: 100, fold: open }),
    client.request('run.events', { run, offset: 0, limit: 10, filter: 'Item 2716 is gone' }),
    client.request('run.events', { run, offset: 0, limit: 10, filter: 'Item 2716 is gone' }),
  ]);
  expect(early.reading).toBe(true);
  expect(found.rows.at(-1)?.name).toBe('step 2716');
  expect(folded.total).toBe(1);
  expect(far.rows.map(({ id }) => id)).toEqual(all.slice(-5).map(({ id }) => id));
  expect(line.lines).toHaveLength(1);
  expect(same).toEqual(line);
  for (const { reading } of [found, folded, far, line]) expect(reading).toBeUndefined();
});

test('lines of the log are read from anywhere in a long record without the rest of it, but for names of steps that began far before', async () => {
  const run = recordLongRun(store, { workspace }, events);
  const { history, read } = await slowly(run);
  const client = connect(history);
  const told = changeOf(client, run);
  const [top, middle] = [await client.request('run.events', { run, offset: 0, limit: 50 }), await client.request('run.events', { run, offset: 3000, limit: 50 })];
  expect([top.reading, middle.reading]).toEqual([true, true]);
  expect(top.lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  read();
  await told;
  const then = await client.request('run.events', { run, offset: 3000, limit: 50 });
  expect(then.reading).toBeUndefined();
  expect(then.lines.map(({ seq, at, type, step }) => [seq, at, type, step])).toEqual(middle.lines.map(({ seq, at, type, step }) => [seq, at, type, step]));
  const other = then.lines.filter(({ text }, i) => text !== middle.lines[i]?.text);
  for (const { text } of other) expect(text).toMatch(/^(batch|step) \d+ · ok/);
  expect(other.some(({ text }) => text.startsWith('batch'))).toBe(true);
});

test('the head of a long run says the same before and after its record was read', async () => {
  const recorder = new Recorder(store, { workspace, atOnce: true, input: { url: 'https://shop.example' } });
  recorder.enter('running');
  for (let i = 0; i < events / 2; i++) recorder.step({ kind: 'tool', name: `step ${i}` });
  recorder.append({ type: 'meter', meter: 'asks', value: 2, mark: 'measured', source: 'questions' }, { type: 'meter', meter: 'model.cost_usd', value: 0.25, mark: 'computed', source: 'price list' });
  recorder.done(recorder.value({ done: true }));
  const { history, read } = await slowly(recorder.run);
  const client = connect(history);
  const before = await client.request('run.detail', { run: recorder.run });
  read();
  const after = await client.request('run.detail', { run: recorder.run });
  expect({ ...before, now: 0 }).toEqual({ ...after, now: 0 });
  expect(after).toMatchObject({ cost: { usd: 0.25, mark: 'computed' }, run: { asks: 2, result: { json: { done: true } }, input: { json: { url: 'https://shop.example' } } } });
});

test('a long run that goes on is followed: what is recorded while and after its beginning was read is there', async () => {
  const recorder = new Recorder(store, { workspace, atOnce: true });
  recorder.enter('running');
  const root = recorder.begin({ kind: 'run', name: 'whole' });
  for (let i = 0; i < events / 2; i++) recorder.step({ kind: 'tool', name: `step ${i}`, parent: root });
  recorder.journal.flush();
  const { history, read } = await slowly(recorder.run);
  const client = connect(history);
  const ask = (offset: number, limit: number) => client.request('run.spans', { run: recorder.run, offset, limit, fold: open });
  const first = await ask(0, 3);
  // That it goes on is not known either before the last event was read.
  expect(first.rows.map(({ name, unread }) => [name, unread === true])).toEqual([['whole', true], ['step 0', false], ['step 1', false]]);
  const told = changeOf(client, recorder.run);
  recorder.step({ kind: 'tool', name: 'meanwhile', parent: root });
  recorder.journal.flush();
  read();
  await told;
  expect((await ask(0, 1)).rows[0]).toMatchObject({ name: 'whole', status: 'running', children: events / 2 + 1 });
  const later = recorder.begin({ kind: 'tool', name: 'later', parent: root });
  recorder.journal.flush();
  expect((await ask(events / 2 + 1, 10)).rows.map(({ name, status }) => [name, status])).toEqual([['meanwhile', 'ok'], ['later', 'running']]);
  recorder.end(later).end(root);
  recorder.done(recorder.value(null));
  expect((await ask(0, 1)).rows[0]?.status).toBe('ok');
  expect((await ask(events / 2 + 2, 10)).rows.map(({ name, status }) => [name, status])).toEqual([['later', 'ok']]);
});

test('a record that cannot be read any more is told instead of its beginning for ever', async () => {
  const run = recordLongRun(store, { workspace }, events);
  const real = historyOf(store);
  let broken = true;
  const client = connect({ ...real, events: (id) => (broken ? Promise.reject(new Error('The disk is gone.')) : real.events(id)), spans: (id) => (broken ? Promise.reject(new Error('The disk is gone.')) : real.spans(id)) });
  const told = changeOf(client, run);
  expect((await client.request('run.spans', { run, offset: 0, limit: 10, fold: open })).reading).toBe(true);
  await told;
  await expect(client.request('run.spans', { run, offset: 4000, limit: 10, fold: open })).rejects.toThrow('The disk is gone.');
  broken = false;
  expect((await client.request('run.spans', { run, offset: 4000, limit: 10, fold: open })).rows).toHaveLength(0);
});
