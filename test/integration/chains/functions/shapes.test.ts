import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedTest } from '../../../helpers/functions.ts';
import { chainTest } from '../../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

describe('a plain function, served', () => {
  it('takes JSON and gives JSON; without a body it gets the query', async () => {
    await using served = await servedTest(sandbox, 'export default async ({ n, name = "" }: { n: number; name?: string }) => ({ twice: Number(n) * 2, name });');
    expect(JSON.parse((await served.call('/', { body: '{"n": 21}' })).text)).toEqual({ twice: 42, name: '' });
    const answer = await served.call('/?n=4&name=%C3%A9');
    expect(JSON.parse(answer.text)).toEqual({ twice: 8, name: 'é' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' } });
    expect(await served.call('/', { body: '{"n": ' })).toMatchObject({ status: 400, text: expect.stringContaining('The body is not JSON') as string });
  });

  it('that throws answers 500 with its message, and the next call is not touched by it', async () => {
    await using served = await servedTest(sandbox, 'let calls = 0;\nexport default ({ fail }: { fail?: boolean }) => { calls++; if (fail) throw new RangeError("too much"); return calls; };');
    const failed = await served.call('/?fail=1');
    expect(failed.status).toBe(500);
    expect(JSON.parse(failed.text)).toMatchObject({ error: { code: 'chain-failed', message: expect.stringContaining('too much') as string } });
    expect([(await served.call('/')).text, (await served.call('/')).text]).toEqual(['1', '1']);
    const { outcome, of } = await served.stop();
    expect(outcome).toMatchObject({ state: 'done', clean: true, result: { calls: 3, failed: 1, refused: 0, turnedAway: 0 } });
    expect(of('step.ended').map(({ status }) => status)).toEqual(['error', 'ok', 'ok', 'ok']);
    expect(of('lease.created').map(({ kind }) => kind)).toEqual(['server', 'sandbox', 'sandbox', 'sandbox']);
  });
});

describe("AWS Lambda's shape", () => {
  const source = `import type { Context } from 'aws-lambda';
export const handler = async (event: any, context: any) => event.requestContext === undefined
  ? { got: event, name: context.functionName, id: typeof context.awsRequestId, left: context.getRemainingTimeInMillis() > 0 }
  : event.rawPath === '/raw' ? ['any', 'value'] : { statusCode: 201, headers: { 'X-Path': event.rawPath, 'content-type': 'text/plain' }, cookies: ['a=1', 'b=2'], body: [event.version, event.requestContext.http.method, event.queryStringParameters?.q, event.body, event.isBase64Encoded, event.headers['x-mine'], event.headers.authorization].join('|') };`;

  it('gets what a function URL sends, and answers with status, headers, cookies and body', async () => {
    await using served = await servedTest(sandbox, source);
    const answer = await served.call('/orders/1?q=a&q=b', { method: 'PUT', body: 'text', headers: { 'X-Mine': 'yes' } });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-path': '/orders/1', 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] }, text: '2.0|PUT|a,b|text|false|yes|' });
    expect((await served.call('/x', { body: Uint8Array.of(255, 0, 1) })).text).toContain('|/wAB|true|');
    expect(await served.call('/raw')).toMatchObject({ status: 200, text: '["any","value"]' });
  });

  it("gets an event itself at the path of Lambda's runtime interface", async () => {
    await using served = await servedTest(sandbox, source);
    const path = '/2015-03-31/functions/function/invocations';
    expect(JSON.parse((await served.call(path, { body: '{"order": 1}' })).text)).toEqual({ got: { order: 1 }, name: 'handler', id: 'string', left: true });
    const failed = await served.call(path, { body: '{"broken"' });
    expect(failed).toMatchObject({ status: 500, headers: { 'x-amz-function-error': 'Unhandled' } });
  });

  it.each([
    ['(event: any, context: any, callback: any) => { setTimeout(() => callback(null, event.n + 1), 1); }', { state: 'done', result: 2 }],
    ['(event: any, context: any, callback: any) => { callback(new Error("no")); }', { state: 'failed', error: { code: 'chain-failed', message: expect.stringContaining('no') as string } }],
    ['(event: any, context: any, callback: any) => { setTimeout(() => undefined, 1); }', { state: 'failed', error: { code: 'chain-failed' } }],
    ['(event: any) => event.n', { state: 'done', result: 1 }],
    ['async (event: any, context: any) => context.memoryLimitInMB', { state: 'done', result: '64' }],
  ])('%s: the style with a callback works too', async (handler, expected) => {
    await using test = await chainTest(sandbox, { 'main.ts': `export const handler = ${handler};` });
    const handle = await test.runtime.functions.start('main.ts', undefined, { event: { n: 1 } });
    expect(await handle.outcome).toMatchObject(expected);
  });
});

describe("the web's shape", () => {
  it('an object with fetch as default export gets a Request and gives a Response', async () => {
    await using served = await servedTest(sandbox, `export default {
  async fetch(request: Request) {
    const url = new URL(request.url);
    if (url.pathname === '/json') return Response.json({ method: request.method, sent: await request.json(), auth: request.headers.get('authorization') }, { status: 202 });
    if (url.pathname === '/bytes') return new Response(new Uint8Array([1, 2, 255]), { headers: [['x-a', '1'], ['X-A', '2'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']] });
    if (url.pathname === '/go') return Response.redirect('https://example.org/x', 307);
    if (url.pathname === '/echo') return new Response(await request.bytes());
    return new Response(null, { status: 204 });
  },
};`);
    expect(await served.call('/json', { body: '{"a":1}' })).toMatchObject({ status: 202, text: '{"method":"POST","sent":{"a":1},"auth":null}' });
    const bytes = await served.call('/bytes');
    expect([...bytes.body]).toEqual([1, 2, 255]);
    expect(bytes.headers).toMatchObject({ 'x-a': '1, 2', 'set-cookie': ['a=1', 'b=2'] });
    expect(await served.call('/go')).toMatchObject({ status: 307, headers: { location: 'https://example.org/x' } });
    expect([...(await served.call('/echo', { body: Uint8Array.of(0, 200, 13, 10) })).body]).toEqual([0, 200, 13, 10]);
    expect((await served.call('/other')).status).toBe(204);
  });

  it('a framework made for it runs unchanged, from the package that is installed', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }));\napp.post('/sum', async (c) => c.text(String((await c.req.json()).reduce((a: number, b: number) => a + b))));\nexport default app;" });
    cpSync(fileURLToPath(new URL('../../../../node_modules/hono', import.meta.url)), `${test.workspace}/node_modules/hono`, { recursive: true });
    const call = async (event: { readonly method?: string; readonly url: string; readonly body?: string }) => {
      const handle = await test.runtime.functions.start('main.ts', undefined, { event }, { grants: ['package hono'] });
      return handle.outcome;
    };
    expect(await call({ url: 'http://localhost/hello/you' })).toMatchObject({ state: 'done', result: { status: 200, body: '{"hello":"you"}', headers: { 'content-type': 'application/json' } } });
    expect(await call({ method: 'POST', url: 'http://localhost/sum', body: '[1,2,3]' })).toMatchObject({ state: 'done', result: { status: 200, body: '6' } });
    expect(await call({ url: 'http://localhost/none' })).toMatchObject({ state: 'done', result: { status: 404 } });
  });

  it('a header that could split the answer never leaves', async () => {
    await using served = await servedTest(sandbox, "export const fetch = () => ({ status: 200, headers: [['x-a', 'b\\r\\nset-cookie: c=1']], bytes: async () => new Uint8Array() });");
    const answer = await served.call('/');
    expect(answer.status).toBe(500);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await served.call('/')).status).toBe(500);
  });
});
