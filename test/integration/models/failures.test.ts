import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { layered } from '../../../src/models/layer.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import { withTimeouts } from '../../../src/models/with-timeouts.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { hear, request, withModel } from './with-model.ts';
import type { Answer } from '../../fixtures/models/answer.ts';

describe('a failure of a model', () => {
  const cases: readonly (readonly [what: string, answer: Answer, code: string, message: RegExp])[] = [
    ['a wrong key', { status: 401, body: { error: { message: 'Incorrect API key provided' } } }, 'model-auth', /does not accept the key.*Incorrect API key/],
    ['a forbidden model', { status: 403 }, 'model-auth', /403/],
    ['a rate limit', { status: 429 }, 'model-rate-limited', /fewer requests/],
    ['an empty account', { status: 429, body: { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } } }, 'model-refused', /no credit left/],
    ['a payment that is due', { status: 402 }, 'model-refused', /no credit left/],
    ['an unknown model', { status: 404 }, 'model-refused', /does not know scripted/],
    ['a request that is too long', { status: 400, body: { error: { message: 'maximum context length is 8192 tokens' } } }, 'model-refused', /maximum context length/],
    ['a broken server', { status: 500 }, 'model-unavailable', /500/],
    ['an overloaded server', { status: 529, body: 'not json' }, 'model-unavailable', /529/],
    ['a page of a proxy', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Please sign in</html>' }, 'model-unavailable', /did not finish/],
    ['a cut connection before the answer', { reset: 'before-headers' }, 'model-unavailable', /could not be asked/],
    ['a stream without an end', { text: ['half'], finish: null }, 'model-unavailable', /did not finish/],
    ['a stream that is no JSON', { events: ['{"id": nonsense'] }, 'model-unavailable', /did not finish/],
    ['a call without a name', { events: [JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'a', function: { arguments: '{}' } }] }, finish_reason: 'tool_calls' }] })] }, 'model-unavailable', /did not finish/],
    ['a rate limit in the stream', { events: [JSON.stringify({ error: { message: 'Slow down', code: 429 } })] }, 'model-rate-limited', /Slow down/],
    ['an error in the stream', { events: [JSON.stringify({ error: { message: 'Upstream died', type: 'server_error' } })] }, 'model-unavailable', /Upstream died/],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/v1' } }, 'model-refused', /redirects to https:\/\/elsewhere\.example/],
  ];
  it.each(cases)('is typed: %s', async (_, answer, code, message) => {
    await using model = await withModel([answer]);
    const { error, finish } = await hear(model.client);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.hint).toBeTruthy();
    expect(finish).toBeUndefined();
    expect(model.server.requests).toHaveLength(1);
    await model.server.idle();
  });

  it('in the middle of an answer comes after what had arrived', async () => {
    await using model = await withModel([{ text: ['One ', 'two ', 'three ', 'four'], reset: 'mid-stream' }]);
    const { text, error } = await hear(model.client);
    expect(text).toMatch(/^One /);
    expect(error?.code).toBe('model-unavailable');
    expect(error?.message).toMatch(/did not finish|could not be asked/);
  });

  it('carries how long the provider wants to be left alone', async () => {
    await using model = await withModel([
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: { 'retry-after-ms': '250' } },
      { status: 429, body: { error: { message: 'Quota', details: [{ retryDelay: '3.5s' }] } } },
      { status: 503, headers: { 'retry-after': '2' } },
    ]);
    for (const ms of [7000, 250, 3500, 2000]) expect((await hear(model.client)).error?.data).toMatchObject({ retryAfterMs: ms });
  });

  it('shows a stranger\'s words on one line and not at length', async () => {
    await using model = await withModel([{ status: 400, body: { error: { message: `a\u001b[31m\nb${'x'.repeat(5000)}` } } }]);
    const message = (await hear(model.client)).error?.message ?? '';
    expect(message).toContain('a [31m b');
    expect(message.length).toBeLessThan(600);
  });
});

describe('a server that keeps silent', () => {
  const stalls = [['before its headers', { stall: 'before-headers' }, 'first-byte'], ['before its first byte', { stall: 'before-first-byte' }, 'first-byte'], ['in the middle', { text: ['a', 'b', 'c', 'd'], stall: 'mid-stream' }, 'idle'], ['before its end', { text: ['a'], finish: null, stall: 'before-end' }, 'idle']] as const;
  it.each(stalls)('%s is given up on, and the connection is closed', async (_, answer, limit) => {
    await using model = await withModel([answer]);
    const seen: unknown[] = [];
    const client = layered(model.client, withTimeouts({ firstByteMs: limit === 'idle' ? 20_000 : 150, idleMs: 150 }, (attempt) => seen.push(attempt)));
    const { error } = await hear(client);
    expect(error).toMatchObject({ code: 'model-unavailable', data: { timeout: limit } });
    expect(seen).toEqual([{ type: 'timed-out', model: 'test/scripted', limit, afterMs: 150 }]);
    await model.server.idle();
  });

  it('is given up on in the end also where it goes on and on', async () => {
    await using model = await withModel([{ text: Array.from({ length: 2000 }, () => 'and '), bytesPerWrite: 200, pauseMs: 10 }]);
    const { error, text } = await hear(layered(model.client, withTimeouts({ totalMs: 300 })));
    expect(error).toMatchObject({ code: 'model-unavailable', data: { timeout: 'total' } });
    expect(text).toContain('and ');
    await model.server.idle();
  });

  it('is not silent while it sends long arguments', async () => {
    await using model = await withModel([{ calls: [{ name: 'write', arguments: { content: 'x'.repeat(6000) } }], argumentPiece: 100, bytesPerWrite: 400, pauseMs: 15 }]);
    const { calls, error, text } = await hear(layered(model.client, withTimeouts({ idleMs: 250 })));
    expect(error).toBeUndefined();
    expect(calls).toHaveLength(1);
    expect(text).toBe('');
  });
});

describe('an answer without end', () => {
  it('is broken off before it fills the memory', async () => {
    const line = `: ${'x'.repeat(1024 * 1024)}`;
    await using site = await httpSite((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (!response.destroyed && response.write(line));
      };
      response.on('drain', more);
      more();
    });
    const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
    registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: site.origin }]);
    const { error } = await hear(await registry.client('test/m'));
    expect(error).toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('longer than 67108864 bytes') });
  });
});

describe('an address', () => {
  const registryOf = async (baseUrl: string, connectMs: number) => {
    const registry = new ModelRegistry({ redactor: new Redactor(), discover: false, connectMs });
    registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl }]);
    return registry.client('test/m');
  };

  it('where nothing listens is unavailable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    const { error } = await hear(await registryOf(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`, 5000));
    expect(error?.code).toBe('model-unavailable');
    expect(error?.message).toMatch(/ECONNREFUSED/);
  });

  it('that accepts connections and never agrees on TLS is given up on', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const { error } = await hear(await registryOf(`https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`, 200));
    expect(error).toMatchObject({ code: 'model-unavailable', data: { timeout: 'connect' } });
    await Promise.all([...sockets].map((socket) => (socket.destroyed ? undefined : once(socket.resume(), 'close'))));
    server.close();
    await once(server, 'close');
  });

  it('elsewhere is never asked, and no key is sent there', async () => {
    await using other = await httpSite((_, response) => response.end('{}'));
    await using model = await withModel([{ status: 307, headers: { location: `${other.origin}/v1/chat/completions` } }]);
    expect((await hear(model.client, request('secret'))).error?.code).toBe('model-refused');
    expect(other.requests).toEqual([]);
  });
});
