import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainTest } from '../../../helpers/chains.ts';
import { send, servedTest } from '../../../helpers/functions.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

const echo = 'export default (input: unknown) => input;';
const slow = 'export default ({ ms }: { ms: number }) => new Promise((resolve) => setTimeout(resolve, Number(ms), "late"));';

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(false)));
    socket.once('error', () => resolve(true));
  });
}

describe('who may call a served function', () => {
  it('is who knows the token, calls it by its own name and is no page of another origin', async () => {
    await using served = await servedTest(sandbox, echo, { origins: ['http://localhost:5173'] });
    const { port, token } = served;
    const host = `127.0.0.1:${port}`;
    const status = async (headers: Readonly<Record<string, string>>) => (await send(port, '/', { headers })).status;
    const authorization = `Bearer ${token}`;
    expect(await status({ host, authorization })).toBe(200);
    expect(await status({ host: `localhost:${port}`, 'x-assassin-token': token })).toBe(200);
    expect(await status({ host })).toBe(401);
    for (const wrong of ['Bearer ', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `Basic ${token}`, token]) expect(await status({ host, authorization: wrong })).toBe(401);
    expect(await send(port, `/?token=${token}`, { headers: { host } })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `127.0.0.1.evil.example:${port}`]) expect(await status({ host: name, authorization })).toBe(403);
    for (const origin of ['https://evil.example', 'null', `http://localhost:${port}.evil.example`, 'http://localhost:51730']) expect(await status({ host, authorization, origin })).toBe(403);
    for (const origin of ['http://localhost:5173', `http://127.0.0.1:${port}`]) expect(await status({ host, authorization, origin })).toBe(200);
    const { outcome, events } = await served.stop();
    expect(outcome.result).toMatchObject({ calls: 4, turnedAway: 16 });
    expect(JSON.stringify(events)).not.toContain(token);
  });

  it('keeps its Authorization header for the function where the token comes in its own', async () => {
    await using served = await servedTest(sandbox, "export const fetch = (request: Request) => Response.json([request.headers.get('authorization'), request.headers.get('x-assassin-token')]);");
    expect((await send(served.port, '/', { headers: { host: `127.0.0.1:${served.port}`, 'x-assassin-token': served.token, authorization: 'Bearer of-mine' } })).text).toBe('["Bearer of-mine",null]');
    expect((await served.call('/')).text).toBe('[null,null]');
  });
});

describe('a served function', () => {
  it('needs the grant fn.serve, and those of its packages, before anything listens', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': echo });
    const handle = await test.runtime.functions.serve('main.ts', 'default', { grants: [] });
    await expect(handle.ready).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('fn.serve') as string });
    expect(await handle.outcome).toMatchObject({ state: 'failed', clean: true });
    expect(test.runtime.destruction(handle.id).leases).toEqual([]);
  });

  it.each([
    ['export const a = 1;', 'b', 'does not export "b"'], ["import fs from 'node:fs';\nexport default () => fs;", 'default', 'cannot run in the sandbox'],
  ])('%j does not start, and says why', async (source, exportName, message) => {
    await expect(servedTest(sandbox, source, { exportName })).rejects.toThrow(message);
  });

  it('refuses options that make no sense', async () => {
    await expect(servedTest(sandbox, echo, { concurrency: 0, token: 'short' })).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringMatching(/concurrency.*token/) as string });
  });

  it('says where a port is taken', async () => {
    await using served = await servedTest(sandbox, echo);
    await expect(servedTest(sandbox, echo, { port: served.port })).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('is taken by another program') as string });
  });

  it('runs no more calls at a time than it may; others wait, and too many are refused with 429', async () => {
    await using served = await servedTest(sandbox, slow, { concurrency: 1, queue: 1 });
    const running = served.call('/?ms=1500');
    await sleep(400);
    const waiting = served.call('/?ms=1');
    await sleep(50);
    expect(await served.call('/?ms=1')).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
    expect((await served.stop()).outcome.result).toMatchObject({ calls: 2, refused: 1 });
  });

  it('ends a call that takes too long with 504, and the sandbox with it; the time in the queue counts', async () => {
    await using served = await servedTest(sandbox, `${slow}\n`, { timeoutMs: 1000, concurrency: 1 });
    const [first, second] = await Promise.all([served.call('/?ms=100000'), served.call('/?ms=100000')]);
    expect([first.status, second.status]).toEqual([504, 504]);
    expect(JSON.parse(first.text)).toMatchObject({ error: { code: 'timeout' } });
    expect((await served.call('/?ms=1')).status).toBe(200);
    expect((await served.stop()).outcome).toMatchObject({ state: 'done', clean: true });
  });

  it.each([['a loop', 'for (;;) {}'], ['a loop in microtasks', 'return (function again() { return Promise.resolve().then(again); })();'], ['memory', 'const all = []; for (;;) all.push("x".repeat(1e6) + all.length);']])('outlives %s', async (_what, body) => {
    await using served = await servedTest(sandbox, `export default ({ bad }: { bad?: string }) => { if (bad) { ${body} } return 'fine'; };`, { timeoutMs: 4000 });
    const answers = await Promise.all([served.call('/?bad=1'), served.call('/'), served.call('/')]);
    expect(answers[0]!.status).toBeGreaterThanOrEqual(500);
    expect(answers.slice(1).map(({ text }) => text)).toEqual(['"fine"', '"fine"']);
    expect((await served.stop()).outcome).toMatchObject({ state: 'done', clean: true });
  });

  it('stops the work of a caller that has gone', async () => {
    await using served = await servedTest(sandbox, slow, { concurrency: 1 });
    const controller = new AbortController();
    const call = served.call('/?ms=60000', { signal: controller.signal });
    call.catch(() => undefined);
    await sleep(200);
    controller.abort();
    await expect(call).rejects.toThrow();
    expect((await served.call('/?ms=1')).status).toBe(200);
    const { of } = await served.stop();
    expect(of('step.ended').map(({ status, error }) => error?.message ?? status)).toEqual(['The caller has gone.', 'ok', 'ok']);
  });

  it('leaves a step for each call with method, path, status and log, and nothing of its query, headers and body', async () => {
    await using served = await servedTest(sandbox, "export const fetch = async (request: Request) => { console.log('called', new URL(request.url).pathname); return new Response(await request.text(), { status: 201 }); };");
    await served.call('/orders/1?key=in-query', { body: 'in-body', headers: { 'x-own': 'in-header' } });
    await served.call('/none');
    const { events, of } = await served.stop();
    expect(of('step.started').map(({ kind, name }) => [kind, name])).toEqual([['run', 'fetch()'], ['http', 'POST /orders/1'], ['http', 'GET /none']]);
    expect(of('step.ended').slice(0, 2).map(({ status, output }) => [status, output])).toEqual([['ok', { json: { status: 201 } }], ['ok', { json: { status: 201 } }]]);
    expect(of('run.log').map(({ message }) => message).filter((message) => message.startsWith('called'))).toEqual(['called /orders/1', 'called /none']);
    for (const secret of ['in-query', 'in-body', 'in-header']) expect(JSON.stringify(events)).not.toContain(secret);
  });

  it('takes no body over its limit', async () => {
    await using served = await servedTest(sandbox, echo, { maxBodyBytes: 100 });
    expect((await served.call('/', { body: JSON.stringify('x'.repeat(98)) })).status).toBe(200);
    expect((await served.call('/', { body: JSON.stringify('x'.repeat(99)) })).status).toBe(413);
  });

  it('lets calls that are under way end when it stops, takes no new ones, and its port is closed', async () => {
    await using served = await servedTest(sandbox, slow);
    const running = served.call('/?ms=300');
    await sleep(100);
    const stopping = served.stop();
    expect(await running).toMatchObject({ status: 200, text: '"late"' });
    const { outcome, of } = await stopping;
    expect(outcome).toMatchObject({ state: 'done', clean: true });
    const server = of('lease.created').find(({ kind }) => kind === 'server');
    expect(of('lease.destroyed').find(({ lease }) => lease === server?.lease)).toMatchObject({ verified: true, how: `port ${served.port} closed, connections to it are refused` });
    expect(await refused(served.port)).toBe(true);
  });

  it('ends with its run when that is cancelled, calls and all', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': slow });
    const handle = await test.runtime.functions.serve('main.ts', undefined, { grants: ['fn.serve'] });
    const { port, token } = await handle.ready;
    const call = send(port, '/?ms=60000', { headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}` } }).then(({ status }) => status, () => 'cut off');
    await sleep(400);
    handle.cancel('enough');
    expect(await handle.outcome).toMatchObject({ state: 'cancelled', clean: true });
    expect([503, 'cut off']).toContain(await call);
    expect(await refused(port)).toBe(true);
  });
});
