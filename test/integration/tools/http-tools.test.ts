import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseGrant } from '../../../src/policy/grant.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { httpTools, type HttpToolsOptions } from '../../../src/tools/http-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { httpSite, type HttpSite } from '../../helpers/http-site.ts';
import { withRun, type WithRunOptions } from '../../helpers/run.ts';

/** One `http.request` in a run of its own. */
function request(input: JsonObject, grants: readonly string[], options: HttpToolsOptions = {}, run: WithRunOptions = {}) {
  const tools = new ToolRegistry();
  tools.register(...httpTools(options));
  return withRun(grants, (scope) => tools.call('http.request', input, scope), run);
}

const grant = (...sites: readonly HttpSite[]) => sites.map((site) => `net ${site.origin}`);

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { location }).end();
}

describe('http.request', () => {
  it('sends method, headers and body and gives back status, headers, text and final URL', async () => {
    await using site = await httpSite((incoming, response) => {
      incoming.setEncoding('utf8');
      let body = '';
      incoming.on('data', (text: string) => (body += text)).on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json', 'x-echo': incoming.headers['x-one'] }).end(JSON.stringify({ method: incoming.method, url: incoming.url, body }));
      });
    });
    const run = await request({ url: `${site.origin}/a?b=1#c`, method: 'PUT', headers: { 'X-One': 'grün'.replace('ü', 'u') }, body: 'größe' }, grant(site));
    expect(run.result()).toMatchObject({ status: 201, headers: { 'x-echo': 'grun' }, body: JSON.stringify({ method: 'PUT', url: '/a?b=1', body: 'größe' }), url: `${site.origin}/a?b=1#c` });
  });

  it('gives an error status as a result', async () => {
    await using site = await httpSite((_incoming, response) => response.writeHead(503).end('later'));
    expect((await request({ url: site.origin }, grant(site))).result()).toMatchObject({ status: 503, body: 'later' });
  });

  it.each([['gzip', gzipSync], ['br', brotliCompressSync]] as const)('unpacks %s, and takes an empty packed answer for empty', async (encoding, pack) => {
    await using site = await httpSite((incoming, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(incoming.method === 'HEAD' ? undefined : pack('hello '.repeat(1000)));
    });
    const run = await request({ url: site.origin }, grant(site));
    expect(run.result()).toMatchObject({ body: 'hello '.repeat(1000) });
    expect(run.result()).not.toHaveProperty(['headers', 'content-encoding']);
    expect((await request({ url: site.origin, method: 'HEAD' }, grant(site))).result()).toMatchObject({ status: 200, body: '' });
  });

  it('reads the character set that the server names, and gives binary data as base64 only', async () => {
    await using site = await httpSite((incoming, response) => {
      if (incoming.url === '/latin') response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(new Uint8Array([0x67, 0x72, 0xfc, 0x6e]));
      else response.writeHead(200, { 'content-type': 'image/png' }).end(new Uint8Array([0x89, 0x50, 0, 1]));
    });
    expect((await request({ url: `${site.origin}/latin` }, grant(site))).result()).toMatchObject({ body: 'grün' });
    expect((await request({ url: `${site.origin}/png` }, grant(site))).outcome.error).toMatchObject({ code: 'invalid-output', hint: expect.stringContaining('base64') as string });
    expect((await request({ url: `${site.origin}/png`, as: 'base64' }, grant(site))).result()).toMatchObject({ body: 'iVAAAQ==' });
  });

  it('meters requests and bytes exactly as the server counts them', async () => {
    await using site = await httpSite((incoming, response) => (incoming.url === '/' ? redirect(response, 302, '/b') : response.end('x'.repeat(5000))));
    const run = await request({ url: site.origin }, grant(site));
    const meters = Object.fromEntries(run.of('meter').map((event) => [event.meter, event]));
    expect(meters['http.requests']).toMatchObject({ value: 2, mark: 'measured' });
    expect(meters['egress.bytes_out']).toMatchObject({ value: site.bytesIn() });
    expect(meters['egress.bytes_in']?.value).toBeGreaterThan(5000);
  });
});

describe('redirects of http.request', () => {
  it('are followed as browsers do: POST becomes GET on 302, and stays POST on 307', async () => {
    await using site = await httpSite((incoming, response) => {
      if (incoming.url === '/see') redirect(response, 302, '/end');
      else if (incoming.url === '/keep') redirect(response, 307, '/end');
      else incoming.toArray().then((chunks) => response.end(`${incoming.method} ${chunks.join('')} ${incoming.headers['content-type'] ?? '-'}`));
    });
    const post = { method: 'POST', body: 'data', headers: { 'content-type': 'text/x' } };
    expect((await request({ url: `${site.origin}/see`, ...post }, grant(site))).result()).toMatchObject({ body: 'GET  -', url: `${site.origin}/end` });
    expect((await request({ url: `${site.origin}/keep`, ...post }, grant(site))).result()).toMatchObject({ body: 'POST data text/x' });
  });

  it('to a host that is not granted end the call before that host hears of it', async () => {
    await using inside = await httpSite((_incoming, response) => response.end('secret'));
    await using site = await httpSite((_incoming, response) => redirect(response, 302, `${inside.origin}/secret`));
    const run = await request({ url: site.origin }, grant(site));
    expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining(inside.origin) as string });
    expect(inside.requests).toEqual([]);
    expect(run.of('decision').map((event) => event.outcome)).toEqual(['allowed', 'denied']);
  });

  it('do not carry credentials to another origin', async () => {
    await using other = await httpSite((incoming, response) => response.end(`${incoming.headers.authorization} ${incoming.headers.cookie} ${incoming.headers['x-kept']}`));
    await using site = await httpSite((_incoming, response) => redirect(response, 307, other.origin));
    const run = await request({ url: site.origin, headers: { Authorization: 'Bearer t', Cookie: 'a=b', 'x-kept': 'yes' } }, grant(site, other));
    expect(run.result()).toMatchObject({ body: 'undefined undefined yes' });
  });

  it('that never end, or lead to another scheme, are errors', async () => {
    await using site = await httpSite((incoming, response) => redirect(response, 302, incoming.url === '/file' ? 'file:///etc/passwd' : '/again'));
    expect((await request({ url: site.origin }, grant(site))).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('more than 5 times') as string });
    expect(site.requests).toHaveLength(6);
    expect((await request({ url: `${site.origin}/file` }, grant(site))).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('cannot be followed') as string });
  });
});

describe('egress of http.request', () => {
  it('is denied without a grant, which the error spells out', async () => {
    await using site = await httpSite((_incoming, response) => response.end());
    const run = await request({ url: site.origin }, ['net https://elsewhere.example']);
    expect(run.outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining(`"net ${site.origin}"`) as string });
    expect(site.requests).toEqual([]);
  });

  it('goes nowhere where a granted name points inside', async () => {
    await using site = await httpSite((_incoming, response) => response.end());
    const run = await request({ url: `http://shop.example:${site.port}/` }, [`net http://shop.example:${site.port}`], { resolver: () => Promise.resolve(['127.0.0.1']) });
    expect(run.outcome.error).toMatchObject({ code: 'egress-denied', message: expect.stringContaining('not a public address') as string });
    expect(site.requests).toEqual([]);
  });

  it('finds a server on either loopback address under its name', async () => {
    // Some machines have no IPv6 at all.
    const loopback = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []).filter(({ internal }) => internal).map(({ address }) => address);
    for (const address of ['127.0.0.1', '::1'].filter((candidate) => loopback.includes(candidate))) {
      await using site = await httpSite((incoming, response) => response.end(incoming.headers.host), undefined, address);
      expect((await request({ url: `http://localhost:${site.port}/` }, [`net http://localhost:${site.port}`])).result()).toMatchObject({ body: `localhost:${site.port}` });
      expect((await request({ url: site.origin }, grant(site))).result()).toMatchObject({ status: 200 });
    }
  });

  it('asks once where a rule says so, and goes on after a yes', async () => {
    await using site = await httpSite((_incoming, response) => response.end('ok'));
    const asked: string[] = [];
    const run = await request({ url: site.origin }, [], {}, {
      rules: [{ effect: 'ask', grant: parseGrant(`net ${site.origin}`, '/'), origin: 'test' }],
      approver: { approve: ({ text }) => Promise.resolve(asked.push(text) > 0 ? { answer: 'once' } : undefined), ask: () => Promise.resolve(undefined) },
    });
    expect(run.result()).toMatchObject({ body: 'ok' });
    expect(asked).toEqual([`net ${site.origin}`]);
  });

  it('checks the certificate against the name of the URL, not against the address', async () => {
    const [key, cert] = ['key', 'cert'].map((part) => readFileSync(new URL(`../../fixtures/tools/localhost-${part}.pem`, import.meta.url), 'utf8')) as [string, string];
    await using site = await httpSite((incoming, response) => response.end(incoming.headers.host), { key, cert });
    const call = (host: string, options: HttpToolsOptions) => request({ url: `https://${host}:${site.port}/` }, [`net https://${host}:${site.port}`], options);
    expect((await call('shop.localhost', { ca: cert })).result()).toMatchObject({ body: `shop.localhost:${site.port}` });
    expect((await call('127.0.0.1', { ca: cert })).result()).toMatchObject({ status: 200 });
    expect((await call('evil.localhost', { ca: cert })).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('evil.localhost') as string });
    expect((await call('shop.localhost', {})).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('self-signed') as string });
    expect(site.requests).toHaveLength(2);
  });

  it('stops at the budget, and what went over the wire stays on the bill', async () => {
    await using site = await httpSite((_incoming, response) => response.end('x'.repeat(500_000)));
    const run = await request({ url: site.origin }, grant(site), {}, { budget: { egressBytes: 20_000 } });
    expect(run.outcome.error).toMatchObject({ code: 'budget-exceeded', data: { budget: 'egressBytes' } });
    expect(run.of('meter').find((event) => event.meter === 'egress.bytes_in')?.value).toBeGreaterThan(20_000);
  });
});

describe('a bad server', () => {
  const limits = { firstByteMs: 50, idleMs: 50, bodyBytes: 10_000 };

  it.each([
    ['never answers', 'first-byte', () => undefined],
    ['stops in the middle', 'idle', (response: ServerResponse) => void response.write('half')],
  ] as const)('that %s is given up, and its connection closed', async (_what, phase, answer) => {
    const closed = Promise.withResolvers<void>();
    await using site = await httpSite((incoming, response) => {
      incoming.socket.on('close', () => closed.resolve());
      answer(response);
    });
    expect((await request({ url: site.origin }, grant(site), { limits })).outcome.error).toMatchObject({ code: 'timeout', data: { phase } });
    await closed.promise;
  });

  it('that drips for ever meets the time of the whole call', async () => {
    await using site = await httpSite((_incoming, response) => {
      const timer = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect((await request({ url: site.origin, timeoutMs: 200 }, grant(site), { limits })).outcome.error).toMatchObject({ code: 'timeout', data: { phase: 'total' } });
  });

  it.each([
    ['plain', {}, Buffer.alloc(20_000, 'a')],
    ['packed small and unpacked large', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(1_000_000))],
    ['packed so that it never unpacks to anything', { 'content-encoding': 'gzip' }, Buffer.concat([gzipSync('').subarray(0, 10), Buffer.from('000000ffff'.repeat(4000), 'hex')])],
  ] as const)('that sends too much (%s) is cut off', async (_what, headers, body) => {
    await using site = await httpSite((_incoming, response) => response.writeHead(200, headers).end(body));
    expect((await request({ url: site.origin }, grant(site), { limits })).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('larger than the 10000 bytes') as string });
  });

  it('that breaks off, lies about packing, or is not there gives an error that names it', async () => {
    await using site = await httpSite((incoming, response) => {
      if (incoming.url === '/cut') response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy());
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
    });
    for (const url of [`${site.origin}/cut`, `${site.origin}/lie`]) {
      expect((await request({ url }, grant(site))).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining(site.origin) as string });
    }
    await site[Symbol.asyncDispose]();
    expect((await request({ url: site.origin }, grant(site))).outcome.error).toMatchObject({ code: 'tool-failed', message: expect.stringContaining('nothing listens there') as string, data: { code: 'ECONNREFUSED' } });
  });

  it('does not hold up a cancelled run', async () => {
    const closed = Promise.withResolvers<void>();
    const tools = new ToolRegistry();
    tools.register(...httpTools());
    let cancel: () => void;
    await using site = await httpSite((incoming) => {
      incoming.socket.on('close', () => closed.resolve());
      cancel();
    });
    const run = await withRun(grant(site), (scope, context) => {
      cancel = () => context.cancel('Enough.');
      return tools.call('http.request', { url: site.origin }, scope);
    });
    expect(run.outcome).toMatchObject({ state: 'cancelled', error: { message: 'Enough.' } });
    await closed.promise;
  });
});

describe('the input of http.request', () => {
  it.each([
    [{ url: 'ftp://a.example/' }, 'url'],
    [{ url: 'https://user:pass@a.example/' }, 'url'],
    [{ url: 'nonsense' }, 'url'],
    [{ url: 'https://a.example/', headers: { Host: 'b.example' } }, 'Host'],
    [{ url: 'https://a.example/', headers: { 'transfer-encoding': 'chunked' } }, 'transfer-encoding'],
    [{ url: 'https://a.example/', headers: { a: 'x\r\nInjected: 1' } }, 'headers.a'],
    [{ url: 'https://a.example/', method: 'CONNECT' }, 'method'],
    [{ url: 'https://a.example/', body: 'x' }, 'body'],
    [{ url: 'https://a.example/', proxy: 'x' }, 'proxy'],
  ])('%j is refused, naming the field', async (input, field) => {
    const run = await request(input, ['net https://a.example'], { resolver: () => Promise.reject(new Error('must not be asked')) });
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining(field) as string });
  });
});
