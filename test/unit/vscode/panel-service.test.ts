import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SourceLocation } from '../../../src/shared/errors.ts';
import { RpcClient } from '../../../src/shared/rpc.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import type { PanelActions } from '../../../src/vscode/panel-ports.ts';
import { PanelService, type PanelServiceOptions } from '../../../src/vscode/panel-service.ts';
import { FakeFigures } from '../../webview/harness/figures.ts';
import { noTasks } from '../../webview/harness/tasks.ts';
import { historyOf } from '../../webview/harness/history.ts';
import { Recorder } from '../../webview/harness/record.ts';
import { recordFailedRun, recordLongRun, recordShopRun } from '../../webview/harness/sample-runs.ts';
import { wirePair, type WireEnd } from '../shared/wire-pair.ts';

let directory: string;
let workspace: string;
let store: RunStore;
const open: Disposable[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-panel-service-'));
  workspace = join(directory, 'workspace');
  store = new RunStore(join(directory, 'data'));
});
afterEach(() => {
  for (const end of open.splice(0)) end[Symbol.dispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

interface Connection {
  readonly client: RpcClient;
  readonly service: PanelService;
  readonly page: WireEnd;
  readonly opened: SourceLocation[];
}

function connect(options: Partial<PanelServiceOptions> = {}, actions: Partial<PanelActions> = {}): Connection {
  const [page, host] = wirePair();
  const opened: SourceLocation[] = [];
  const service = new PanelService({
    wire: host, tasks: noTasks, figures: new FakeFigures(), settings: () => ({ sendWith: 'enter' }), history: historyOf(store), workspace: () => workspace, log: () => undefined,
    actions: {
      isLive: () => false, cancel: () => false, again: () => Promise.resolve('run_new'), exportRun: () => Promise.resolve(), reload: () => undefined,
      openSource: async (location) => void opened.push(location), ...actions,
    },
    ...options,
  });
  const client = new RpcClient({ wire: page, log: () => undefined });
  open.push(service, client);
  return { client, service, page, opened };
}

const allOpen = { rest: 'open', except: [] } as const;

test('every answer passes the schema unchanged: nothing of the record is lost on the way', async () => {
  const { client, page } = connect();
  const shop = recordShopRun(store, { workspace }, new Uint8Array([1, 2, 3]));
  const failed = recordFailedRun(store, { workspace });
  for (const run of [shop, failed]) {
    const { rows } = await client.request('run.spans', { run, offset: 0, limit: 100, fold: allOpen });
    const answers = [
      await client.request('run.detail', { run }),
      await client.request('run.bill', { run }),
      await client.request('run.leases', { run }),
      await client.request('run.network', { run }),
      await client.request('run.log', { run, limit: 500 }),
      ...(await Promise.all(rows.map(({ id }) => client.request('run.span', { run, span: id })))),
      await client.request('runs.list', { limit: 50 }),
    ];
    const sent = page.received.splice(0).flatMap((message) => (typeof message === 'object' && message !== null && 'result' in message ? [message.result] : []));
    expect(sent).toHaveLength(answers.length + 1);
    for (const answer of answers) expect(sent).toContainEqual(JSON.parse(JSON.stringify(answer)));
  }
});

test('the trace comes in pages that do not grow with the values of the steps', async () => {
  const run = recordLongRun(store, { workspace }, 2000);
  const { client, page } = connect();
  const { rows, total, spans } = await client.request('run.spans', { run, offset: 900, limit: 200, fold: allOpen });
  expect([total, spans, rows.length]).toEqual([998, 998, 98]);
  expect(JSON.stringify(page.received.at(-1)).length).toBeLessThan(60_000);
  const span = await client.request('run.span', { run, span: rows.at(-1)!.id });
  expect(span).toMatchObject({ input: { json: { options: { retries: 2 } } } });
});

test('steps that are recorded between two pages are in the second one', async () => {
  const recorder = new Recorder(store, { workspace });
  recorder.enter('running');
  const root = recorder.begin({ kind: 'run', name: 'root' });
  const { client } = connect();
  const count = async () => (await client.request('run.spans', { run: recorder.run, offset: 0, limit: 100, fold: allOpen })).total;
  expect(await count()).toBe(1);
  recorder.step({ kind: 'tool', name: 'one more', parent: root });
  expect(await count()).toBe(2);
  recorder.end(root);
  const { rows } = await client.request('run.spans', { run: recorder.run, offset: 0, limit: 100, fold: allOpen });
  expect(rows.map(({ status }) => status)).toEqual(['ok', 'ok']);
});

test('the log is read on from where it was, and progress is always the newest', async () => {
  const recorder = new Recorder(store, { workspace });
  recorder.append({ type: 'run.progress', message: 'half', fraction: 0.5 }, { type: 'run.log', level: 'info', message: 'one' }, { type: 'ask', ask: 'q', question: 'Sure?' });
  const { client } = connect();
  const first = await client.request('run.log', { run: recorder.run, limit: 2 });
  expect(first.lines.map(({ kind, message }) => [kind, message])).toEqual([['info', 'one'], ['question', 'Sure?']]);
  expect(first).toMatchObject({ total: 3, progress: { message: 'half', fraction: 0.5 } });
  recorder.append(
    { type: 'answer', ask: 'q', answer: 'yes' },
    { type: 'decision', action: 'net https://a', effect: 'allow', outcome: 'allowed', reason: 'granted' },
    { type: 'decision', action: 'net https://b', effect: 'deny', outcome: 'denied', reason: 'No grant covers it.' },
    { type: 'run.cancelling', reason: 'Enough.' },
  );
  const next = await client.request('run.log', { run: recorder.run, after: first.lines.at(-1)!.seq, limit: 500 });
  expect(next.lines.map(({ kind, message }) => [kind, message])).toEqual([['answer', 'yes'], ['denied', 'net https://b. No grant covers it.'], ['stop', 'Enough.']]);
});

test('only runs of this workspace are listed, newest first, and their titles are short', async () => {
  const at = Date.now();
  const older = recordFailedRun(store, { workspace, at: at - 2000 });
  recordFailedRun(store, { workspace: '/elsewhere', at: at - 1000 });
  const newer = recordFailedRun(store, { workspace, at, title: 'x'.repeat(100_000) });
  const { client } = connect();
  const first = await client.request('runs.list', { limit: 1 });
  expect(first.items.map(({ id }) => id)).toEqual([newer]);
  expect(first.items[0]!.title.length).toBeLessThan(1000);
  const second = await client.request('runs.list', { limit: 1, after: first.next! });
  expect(second.items.map(({ id }) => id)).toEqual([older]);
  expect(second.next).toBeUndefined();
});

test('a stored value is read in parts', async () => {
  const recorder = new Recorder(store, { workspace });
  const { blob } = recorder.journal.bytes(new TextEncoder().encode('0123456789'), 'text/plain');
  const { client } = connect();
  const read = async (offset: number, length: number) => Buffer.from((await client.request('blob.read', { hash: blob, offset, length })).data, 'base64').toString();
  expect(await read(0, 4)).toBe('0123');
  expect(await read(8, 100)).toBe('89');
  expect(await read(10, 5)).toBe('');
  await expect(client.request('blob.read', { hash: 'f'.repeat(64), offset: 0, length: 1 })).rejects.toMatchObject({ code: 'file-not-found' });
});

test('what does not exist is an error with a code', async () => {
  const run = recordFailedRun(store, { workspace });
  const { client } = connect();
  await expect(client.request('run.detail', { run: 'run_none' })).rejects.toMatchObject({ code: 'run-not-found' });
  await expect(client.request('run.span', { run, span: 's_none' })).rejects.toMatchObject({ code: 'invalid-input' });
});

test('a run can be stopped, started again and exported, and says what is possible', async () => {
  const run = recordFailedRun(store, { workspace });
  const exported: string[] = [];
  const { client } = connect({}, { isLive: (id) => id === run, cancel: (id) => id === run, exportRun: async (id) => void exported.push(id) });
  expect(await client.request('run.detail', { run })).toMatchObject({ live: true, repeatable: true });
  expect(await client.request('run.cancel', { run })).toEqual({ stopped: true });
  expect(await client.request('run.again', { run })).toEqual({ run: 'run_new' });
  await client.request('run.export', { run });
  expect(exported).toEqual([run]);
  const task = recordFailedRun(store, { workspace, kind: 'task' });
  expect(await client.request('run.detail', { run: task })).toMatchObject({ repeatable: true });
});

test.each(['../outside.ts', '/etc/passwd', '..', '\\\\server\\share\\x'])('the place %s is not opened where it is outside of the workspace', async (file) => {
  const { client, opened } = connect();
  const answer = client.request('source.open', { file, line: 1, column: 1 });
  // On systems where a backslash is an ordinary character it names a file inside.
  if (file.includes('\\') && process.platform !== 'win32') await answer;
  else await expect(answer).rejects.toMatchObject({ code: 'invalid-input' });
  for (const place of opened) expect(place.file.startsWith(workspace)).toBe(true);
});

test('a place inside the workspace is opened by its absolute path', async () => {
  const { client, opened } = connect();
  await client.request('source.open', { file: '.assassin/chains/a.ts', line: 3, column: 7 });
  await client.request('source.open', { file: join(workspace, 'src/b.ts'), line: 1, column: 1 });
  expect(opened).toEqual([{ file: join(workspace, '.assassin/chains/a.ts'), line: 3, column: 7 }, { file: join(workspace, 'src/b.ts'), line: 1, column: 1 }]);
});

test('a thousand events at once cause one notice, with the newest event and state', async () => {
  const recorder = new Recorder(store, { workspace });
  const { client } = connect();
  const heard: unknown[] = [];
  client.on('changed', (change) => heard.push(change));
  recorder.enter('running');
  for (let i = 0; i < 1000; i++) recorder.append({ type: 'run.log', level: 'info', message: `line ${i}` });
  await vi.waitFor(() => expect(heard).toEqual([{ run: recorder.run, seq: 1002, state: 'running' }]));
  recorder.enter('done');
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard[1]).toMatchObject({ seq: 1003, state: 'done' });
});

test('where anything may have changed, the shown run and the newest are told', async () => {
  const shown = recordFailedRun(store, { workspace, at: Date.now() - 1000 });
  const newest = recordFailedRun(store, { workspace });
  const listeners = new Set<(runs: readonly string[] | undefined) => void>();
  const onDidChange = (listener: (runs: readonly string[] | undefined) => void) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  const { client } = connect({ history: { ...historyOf(store), onDidChange } });
  const heard: string[] = [];
  client.on('changed', ({ run }) => heard.push(run));
  await client.request('run.detail', { run: shown });
  for (const listener of listeners) listener(undefined);
  await vi.waitFor(() => expect(heard.toSorted()).toEqual([shown, newest].toSorted()));
});

test('nothing is told any more once the service is disposed', async () => {
  const recorder = new Recorder(store, { workspace });
  const { service, page } = connect();
  recorder.enter('running');
  service[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(page.received).toEqual([]);
});

test('the run that was asked for is shown until the page has shown it, and then what the page says', async () => {
  const older = recordFailedRun(store, { workspace, at: Date.now() - 1000 });
  const newest = recordFailedRun(store, { workspace });
  const { client, service } = connect({ run: older });
  expect(await client.request('panel.hello', { run: newest })).toMatchObject({ run: older, asked: true });
  await client.request('run.detail', { run: older });
  expect(await client.request('panel.hello', { run: newest })).toMatchObject({ run: newest, asked: false });
  service.open(older);
  expect(await client.request('panel.hello', {})).toMatchObject({ run: older, asked: true });
});
