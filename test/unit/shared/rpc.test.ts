import { expect, test, vi } from 'vitest';
import { AssassinError } from '../../../src/shared/errors.ts';
import { RpcClient, RpcServer, type Handlers } from '../../../src/shared/rpc.ts';
import { wirePair } from './wire-pair.ts';

const refuse = () => Promise.reject(new AssassinError('not-supported', 'Not in this test.'));
const refuseAll: Handlers = {
  'panel.hello': refuse, 'panel.reload': refuse, 'panel.keep': refuse, 'runs.list': refuse, 'run.detail': refuse, 'run.spans': refuse, 'run.span': refuse, 'run.leases': refuse, 'run.bill': refuse, 'run.network': refuse,
  'chat.items': refuse, 'chat.draft': refuse, 'chat.session': refuse, 'chat.inside': refuse, 'chat.team': refuse, 'chat.diff': refuse, 'chat.openDiff': refuse, 'chat.changes': refuse, 'chat.start': refuse,
  'chat.steer': refuse, 'chat.withdraw': refuse, 'chat.useWhole': refuse, 'chat.answer': refuse, 'chat.resume': refuse, 'chat.fork': refuse, 'chat.approvePlan': refuse, 'chat.undo': refuse, 'chat.freeze': refuse,
  'approvals.pending': refuse, 'approvals.answer': refuse, 'model.current': refuse, 'model.choose': refuse, 'model.setUp': refuse, 'mentions.find': refuse, 'history.search': refuse, 'link.open': refuse,
  'run.log': refuse, 'blob.read': refuse, 'run.cancel': refuse, 'run.again': refuse, 'run.export': refuse, 'source.open': refuse,
  'run.seek': refuse, 'run.facts': refuse, 'run.events': refuse, 'run.tag': refuse, 'history.facets': refuse, 'history.sessions': refuse, 'runs.compare': refuse, 'runs.compareResults': refuse,
  'usage.report': refuse, 'usage.addFiles': refuse, 'usage.forgetFiles': refuse, 'usage.export': refuse, 'infrastructure.read': refuse,
  'view.declared': refuse, 'view.open': refuse, 'view.say': refuse, 'view.close': refuse, 'view.tab': refuse,
};

function connect(handlers: Partial<Handlers> = {}, answerLimitMs?: number) {
  const [page, host] = wirePair();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const server = new RpcServer({ wire: host, log, handlers: { ...refuseAll, ...handlers } });
  const client = new RpcClient({ wire: page, log, ...(answerLimitMs === undefined ? {} : { answerLimitMs }) });
  return { client, server, page, host, logged };
}

test('a request is answered by its handler', async () => {
  const { client } = connect({ 'run.cancel': ({ run }) => ({ stopped: run === 'run_1' }) });
  await expect(client.request('run.cancel', { run: 'run_1' })).resolves.toEqual({ stopped: true });
  await expect(client.request('run.cancel', { run: 'run_2' })).resolves.toEqual({ stopped: false });
});

test('answers that come in another order reach their own requests', async () => {
  const first = Promise.withResolvers<{ data: string }>();
  const { client } = connect({ 'blob.read': ({ offset }) => (offset === 0 ? first.promise : { data: 'c2Vjb25k' }) });
  const hash = 'a'.repeat(64);
  const slow = client.request('blob.read', { hash, offset: 0, length: 10 });
  await expect(client.request('blob.read', { hash, offset: 10, length: 10 })).resolves.toEqual({ data: 'c2Vjb25k' });
  first.resolve({ data: 'Zmlyc3Q=' });
  await expect(slow).resolves.toEqual({ data: 'Zmlyc3Q=' });
});

test('an error keeps its code, hint, place and data on the way', async () => {
  const error = new AssassinError('chain-failed', 'It broke.', { hint: 'Mend it.', location: { file: 'a.ts', line: 3, column: 4 }, data: { row: 1 } });
  const { client } = connect({ 'run.again': () => Promise.reject(error) });
  await expect(client.request('run.again', { run: 'run_1' })).rejects.toMatchObject({ code: 'chain-failed', message: 'It broke.', hint: 'Mend it.', location: { file: 'a.ts', line: 3, column: 4 }, data: { row: 1 } });
});

test.each([
  ['an unknown field', { run: 'run_1', extra: true }, 'has a field that is not known: "extra"'],
  ['a missing field', {}, 'run: '],
  ['a wrong type', { run: 7 }, 'run: must be text'],
  ['nothing', null, 'must be an object'],
])('params with %s reach no handler, and the answer says in plain words what is wrong', async (_what, params, words) => {
  const cancel = vi.fn(() => ({ stopped: true }));
  const { page } = connect({ 'run.cancel': cancel });
  page.post({ type: 'request', id: 1, method: 'run.cancel', params });
  await vi.waitFor(() => expect(page.received).toHaveLength(1));
  expect(page.received[0]).toMatchObject({ type: 'response', id: 1, error: { code: 'invalid-input', message: expect.stringContaining(`The panel asked for run.cancel in a wrong way: ${words}`) } });
  expect(cancel).not.toHaveBeenCalled();
});

test.each([
  ['more rows than a page holds', 'run.spans', { run: 'run_1', offset: 0, limit: 100_000, fold: { rest: 'open', except: [] } }],
  ['a negative offset', 'run.spans', { run: 'run_1', offset: -1, limit: 10, fold: { rest: 'open', except: [] } }],
  ['a blob by a path', 'blob.read', { hash: '../../../etc/passwd', offset: 0, length: 10 }],
])('a request for %s is refused', async (_what, method, params) => {
  const { page } = connect();
  page.post({ type: 'request', id: 1, method, params });
  await vi.waitFor(() => expect(page.received[0]).toMatchObject({ error: { code: 'invalid-input' } }));
});

test('a method that does not exist, or only on the prototype, is refused', async () => {
  const { page } = connect();
  page.post({ type: 'request', id: 1, method: 'run.everything', params: {} });
  page.post({ type: 'request', id: 2, method: 'constructor', params: {} });
  await vi.waitFor(() => expect(page.received).toHaveLength(2));
  for (const answer of page.received) expect(answer).toMatchObject({ error: { code: 'not-supported' } });
});

test('messages that are no message are dropped with a line in the log, at both ends', async () => {
  const { page, host, logged, client } = connect({ 'run.cancel': () => ({ stopped: true }) });
  for (const message of [null, 7, 'text', [], { type: 'request' }, { type: 'other', id: 1 }]) page.post(message);
  for (const message of [null, { type: 'event', event: 'unknown', data: {} }, { type: 'event', event: 'changed', data: { run: 'run_1' } }]) host.post(message);
  await vi.waitFor(() => expect(logged).toHaveLength(9));
  expect(page.received).toHaveLength(3);
  await expect(client.request('run.cancel', { run: 'run_1' })).resolves.toEqual({ stopped: true });
});

test('an answer that breaks the protocol rejects its request', async () => {
  const { client, host } = connect();
  const answer = client.request('run.export', { run: 'run_1' });
  host.post({ type: 'response', id: 1, result: { surprise: true } });
  await expect(answer).rejects.toMatchObject({ code: 'invalid-output', message: 'The answer to run.export was not understood: must be null.' });
});

test('a host that does not answer rejects the request after the limit, and a late answer does no harm', async () => {
  const late = Promise.withResolvers<{ stopped: boolean }>();
  const { client, page } = connect({ 'run.cancel': () => late.promise }, 20);
  await expect(client.request('run.cancel', { run: 'run_1' })).rejects.toMatchObject({ code: 'timeout' });
  late.resolve({ stopped: true });
  await vi.waitFor(() => expect(page.received).toHaveLength(1));
});

test('requests that are open when the page closes are rejected, and later ones at once', async () => {
  const { client } = connect({ 'run.cancel': () => new Promise(() => undefined) });
  const open = client.request('run.cancel', { run: 'run_1' });
  client[Symbol.dispose]();
  await expect(open).rejects.toMatchObject({ code: 'cancelled' });
  await expect(client.request('run.cancel', { run: 'run_1' })).rejects.toMatchObject({ code: 'cancelled' });
});

test('a server that was disposed answers and tells nothing more', async () => {
  const slow = Promise.withResolvers<{ stopped: boolean }>();
  const { client, server, page } = connect({ 'run.cancel': () => slow.promise }, 30);
  const open = client.request('run.cancel', { run: 'run_1' });
  await Promise.resolve();
  server[Symbol.dispose]();
  slow.resolve({ stopped: true });
  server.emit('open', { run: 'run_1' });
  await expect(open).rejects.toMatchObject({ code: 'timeout' });
  expect(page.received).toEqual([]);
});

test('events reach those who listen, until they stop', async () => {
  const { client, server } = connect();
  const heard: string[] = [];
  const listening = client.on('open', ({ run }) => heard.push(run));
  server.emit('open', { run: 'run_1' });
  server.emit('changed', { run: 'run_1', seq: 3, state: 'running' });
  await vi.waitFor(() => expect(heard).toEqual(['run_1']));
  listening[Symbol.dispose]();
  server.emit('open', { run: 'run_2' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard).toEqual(['run_1']);
});
