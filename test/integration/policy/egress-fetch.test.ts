import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { httpFetch } from '../../../src/models/http-fetch.ts';
import { egressFetch, type EgressFetchOptions } from '../../../src/policy/egress-fetch.ts';
import type { Resolver } from '../../../src/policy/egress.ts';
import { serverConfig, withHub } from '../../helpers/mcp.ts';
import { httpSite } from '../../helpers/http-site.ts';

/** An address of this computer in the network that it is in; such names are those of companies and homes. */
const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []).find(({ internal, address }) => !internal && /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|f[cd][0-9a-f]{2}:)/.test(address))?.address;

/** A DNS that answers with one list after the other, and with the last for ever. */
function hostileDns(...answers: readonly (readonly string[])[]): Resolver & { readonly asked: () => number } {
  let asked = 0;
  const resolver: Resolver = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? []);
  return Object.assign(resolver, { asked: () => asked });
}

const client = (options: Partial<EgressFetchOptions> = {}) => egressFetch({ allows: () => true, reach: 'configured', connectMs: 5000, ...options });

/** What a request fails with, or its status. */
function refusal(request: Promise<Response>): Promise<unknown> {
  return request.then((response) => response.status, (error: unknown) => error);
}

describe('an address that a person has configured', () => {
  it.skipIf(own === undefined)('may be a name of the own network, which is resolved once and reached at what was checked', async () => {
    await using site = await httpSite((_request, response) => response.end('inside'), undefined, own);
    const dns = hostileDns([own ?? ''], ['127.0.0.1']);
    using egress = client({ resolver: dns });
    expect(await (await egress.fetch(`http://mcp.corp.example:${site.port}/`)).text()).toBe('inside');
    // The second request uses the connection that is open: nothing is asked again.
    expect(await (await egress.fetch(`http://mcp.corp.example:${site.port}/`)).text()).toBe('inside');
    expect(dns.asked()).toBe(1);
  });

  it.each([
    ['10.255.255.1', '93.184.216.34'], ['10.255.255.1', '127.0.0.1'], ['10.255.255.1', '169.254.169.254'], ['203.0.114.1', '10.0.0.1'], ['203.0.114.1', '127.0.0.1'],
  ])('does not turn into another side: from %s to %s', async (first, second) => {
    using egress = client({ connectMs: 100, resolver: hostileDns([first], [second]) });
    // Nobody answers there, but it is an address that may be asked.
    expect(await refusal(egress.fetch('http://mcp.corp.example:9/'))).not.toMatchObject({ code: 'egress-denied' });
    expect(await refusal(egress.fetch('http://mcp.corp.example:9/'))).toMatchObject({ code: 'egress-denied' });
  });

  it.each([['127.0.0.1'], ['::1'], ['169.254.169.254'], ['fd00:ec2::254'], ['100.100.100.200'], ['168.63.129.16'], ['0.0.0.0'], ['::ffff:127.0.0.1'], ['10.0.0.1', '127.0.0.1'], ['10.0.0.1', '93.184.216.34']])('that leads to %s and %s is refused before anything is sent', async (...addresses) => {
    await using site = await httpSite((_request, response) => response.end('secret'));
    using egress = client({ resolver: hostileDns(addresses) });
    expect(await refusal(egress.fetch(`http://api.evil.example:${site.port}/`))).toMatchObject({ code: 'egress-denied' });
    expect(site.requests).toEqual([]);
  });

  it.each(['http://169.254.169.254/latest/meta-data', 'http://[fd00:ec2::254]/', 'http://2852039166/', 'http://[::ffff:169.254.169.254]/', 'ftp://127.0.0.1/'])('is never %s, not even as written', async (url) => {
    using egress = client({ resolver: hostileDns([]) });
    expect(await refusal(egress.fetch(url))).toMatchObject({ code: 'egress-denied' });
  });

  it('is reached at the second address where nothing listens at the first', async () => {
    await using site = await httpSite((_request, response) => response.end('six'), undefined, '::1');
    using egress = client();
    expect(await (await egress.fetch(`http://localhost:${site.port}/`)).text()).toBe('six');
  });
});

describe('an address that somebody else names', () => {
  it.each([['10.0.0.1'], ['192.168.1.1'], ['127.0.0.1']])('does not lead to %s', async (address) => {
    using egress = client({ reach: 'public', resolver: hostileDns([address]) });
    expect(await refusal(egress.fetch('https://auth.example/token'))).toMatchObject({ code: 'egress-denied' });
  });
});

describe('a redirect', () => {
  it('is decided on anew, and followed without credentials where it may go elsewhere', async () => {
    await using other = await httpSite((request, response) => response.end(request.headers.authorization ?? 'none'));
    await using site = await httpSite((_request, response) => response.writeHead(302, { location: `${other.origin}/next` }).end());
    using open = client();
    expect(await (await open.fetch(site.origin, { headers: { authorization: 'Bearer abc' } })).text()).toBe('none');
    using narrow = client({ allows: ({ origin }) => origin === site.origin });
    expect(await refusal(narrow.fetch(site.origin))).toMatchObject({ code: 'egress-denied' });
    expect(other.requests).toEqual(['GET /next']);
  });

  it('to metadata, to another scheme or without end is not followed', async () => {
    for (const location of ['http://169.254.169.254/latest', 'file:///etc/passwd', '/again']) {
      await using site = await httpSite((_request, response) => response.writeHead(307, { location }).end());
      using egress = client();
      expect(await refusal(egress.fetch(site.origin)), location).toMatchObject({ code: 'egress-denied' });
      expect(site.requests.length).toBeLessThanOrEqual(6);
    }
  });
});

describe('what passes', () => {
  it('is counted in both directions as it goes, and ended by whoever counts', async () => {
    await using site = await httpSite((request, response) => void request.resume().on('end', () => response.end('x'.repeat(100_000))));
    const seen = { received: 0, sent: 0 };
    using egress = client({ onTraffic: (received, sent) => { seen.received += received; seen.sent += sent; } });
    await (await egress.fetch(site.origin, { method: 'POST', body: 'größe' })).text();
    expect(seen).toEqual({ received: 100_000, sent: Buffer.byteLength('größe') });
    const limit = new Error('no more');
    using narrow = client({ onTraffic: (received) => { if (received > 0) throw limit; } });
    const answer = await narrow.fetch(site.origin);
    await expect(answer.text()).rejects.toBe(limit);
  });

  it('is ended by its signal', async () => {
    await using site = await httpSite(() => undefined);
    using egress = client();
    const stop = new AbortController();
    const asked = egress.fetch(site.origin, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

describe('the same policy', () => {
  it('holds for remote MCP servers: a name that leads to this computer is not asked', async () => {
    await using site = await httpSite((_request, response) => response.end('{}'));
    const config = serverConfig('remote', { type: 'http', url: `http://mcp.evil.example:${site.port}/mcp`, headers: { authorization: 'Bearer abc' } });
    await withHub(() => [config], async ({ hub }) => {
      await expect(hub.start('remote')).rejects.toMatchObject({ message: expect.stringContaining('not a public address') as string });
    }, { resolver: hostileDns(['127.0.0.1']) });
    expect(site.requests).toEqual([]);
  });

  it('holds for model providers: a name that leads to this computer is not asked', async () => {
    await using site = await httpSite((_request, response) => response.end('{}'));
    using models = httpFetch({ baseUrl: new URL(`http://models.evil.example:${site.port}/v1`), connectMs: 2000, resolver: hostileDns(['127.0.0.1']) });
    expect(await refusal(models.fetch(`http://models.evil.example:${site.port}/v1/models`, { headers: { authorization: 'Bearer abc' } }))).toMatchObject({ code: 'egress-denied' });
    expect(site.requests).toEqual([]);
  });
});

describe('an answer of JSON that is read as a whole', () => {
  const wholeJson = { bytes: 100, error: () => new Error('too long') };
  const json = { 'content-type': 'application/json; charset=utf-8' };

  it('is an answer like any other, by text, value or stream, and its bytes are counted', async () => {
    await using site = await httpSite((request, response) => request.pipe(response.writeHead(200, json)));
    let bytes = 0;
    using egress = client({ wholeJson, onTraffic: (received) => void (bytes += received) });
    const ask = () => egress.fetch(`${site.origin}/`, { method: 'post', body: '{"a":"\u00e9"}' });
    expect(await (await ask()).json()).toEqual({ a: 'é' });
    expect(await (await ask()).text()).toBe('{"a":"é"}');
    expect(await new Response((await ask()).body).json()).toEqual({ a: 'é' });
    expect(await new Response(await (await ask()).arrayBuffer()).json()).toEqual({ a: 'é' });
    const read = await ask();
    await read.body?.cancel();
    expect(read.bodyUsed).toBe(true);
    expect(bytes).toBe(5 * Buffer.byteLength('{"a":"é"}'));
    expect(site.requests).toEqual(Array.from({ length: 5 }, () => 'POST /'));
  });

  it('is refused beyond its limit, and where it breaks off', async () => {
    await using site = await httpSite((request, response) => {
      response.writeHead(200, { ...json, 'content-length': 200 });
      if (request.url === '/long') response.end(' '.repeat(200));
      else response.write('{', () => response.destroy());
    });
    using egress = client({ wholeJson });
    await expect(egress.fetch(`${site.origin}/long`)).rejects.toThrow('too long');
    await expect(egress.fetch(`${site.origin}/broken`)).rejects.toThrow(/aborted|closed/);
  });

  it('comes as a stream where it is of another kind, or says that something failed', async () => {
    await using site = await httpSite((request, response) => response.writeHead(request.url === '/failed' ? 500 : 200, request.url === '/failed' ? json : { 'content-type': 'text/plain' }).end(' '.repeat(200)));
    using egress = client({ wholeJson });
    for (const path of ['/failed', '/plain']) expect((await (await egress.fetch(`${site.origin}${path}`)).text()).length).toBe(200);
  });
});

it('asks no address with a name and a password in it, as the platform does not', async () => {
  await using site = await httpSite((_request, response) => response.end());
  using egress = client();
  await expect(egress.fetch(site.origin.replace('//', '//me:secret@'))).rejects.toThrow(TypeError);
  expect(site.requests).toEqual([]);
});

it('says that text is text where nothing else is said of a body', async () => {
  await using site = await httpSite((request, response) => response.end(request.headers['content-type']));
  using egress = client();
  expect(await (await egress.fetch(site.origin, { method: 'POST', body: 'x' })).text()).toBe('text/plain;charset=UTF-8');
});
