import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { parseGrant } from '../../../src/policy/grant.ts';
import { networkOf } from '../../../src/telemetry/network.ts';
import type { Json } from '../../../src/shared/json.ts';
import { selfSigned } from '../../fixtures/browser/self-signed.ts';
import { browserToolbox, leavesNothing, serve, trap, type Handler } from '../../helpers/browser.ts';
import { withRun, type WithRunOptions } from '../../helpers/run.ts';

leavesNothing();

const redirectTo = (location: string): Handler => (_request, response) => void response.writeHead(302, { location }).end();
const rejected = (work: Promise<Json>) => work.then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
const visit = (grants: readonly string[], url: string, options: WithRunOptions = {}, toolbox = browserToolbox()) =>
  withRun(['browser', ...grants], (scope) => toolbox.tools(scope)('browser.open', { url, timeoutMs: 10_000 }), options);

describe('the network of a throwaway browser', () => {
  it('does not even start a browser for an address that was not granted', async () => {
    await using site = await serve({ '/': 'secret' });
    const run = await visit([], `${site.origin}/`);
    expect(run.outcome).toMatchObject({ state: 'failed', error: { code: 'denied', hint: expect.stringContaining(`net ${site.origin}`) } });
    expect(run.of('lease.created')).toEqual([]);
    expect(site.requests).toEqual([]);
  });

  it('needs the grant for the browser as well as that for the host', async () => {
    await using site = await serve({ '/': 'x' });
    const { tools } = browserToolbox();
    const run = await withRun([`net ${site.origin}`], (scope) => tools(scope)('browser.open', { url: site.origin }));
    expect(run.outcome).toMatchObject({ state: 'failed', error: { code: 'denied', data: { action: 'browser' } } });
  });

  it('follows a redirect only to where it may go, and names the grant that would allow the rest', async () => {
    await using forbidden = await trap();
    await using site = await serve({ '/here': redirectTo('/there'), '/there': '<title>There</title>', '/out': redirectTo(`http://127.0.0.1:${forbidden.port}/x`), '/tls': redirectTo('https://evil.test/x') });
    expect((await visit([`net ${site.origin}`], `${site.origin}/here`)).result()).toMatchObject({ title: 'There', url: `${site.origin}/there` });
    const out = await visit([`net ${site.origin}`], `${site.origin}/out`);
    expect(out.outcome.error).toMatchObject({ code: 'egress-denied', message: `Not allowed: net http://127.0.0.1:${forbidden.port}.`, hint: `Grant "net http://127.0.0.1:${forbidden.port}" to the run.` });
    expect(out.of('decision').filter(({ outcome }) => outcome === 'denied')).toMatchObject([{ action: `net http://127.0.0.1:${forbidden.port}`, effect: 'deny' }]);
    const tls = await visit([`net ${site.origin}`], `${site.origin}/tls`);
    expect(tls.outcome.error).toMatchObject({ code: 'egress-denied', message: 'Not allowed: net https://evil.test.' });
    expect(forbidden.reached).toEqual([]);
  });

  it('keeps the metadata service and other private addresses closed, however they are reached', async () => {
    await using site = await serve({ '/meta': redirectTo('http://169.254.169.254/latest/'), '/odd': redirectTo('http://0x7f.1:8399/'), '/v6': redirectTo('http://[::1]:8399/') });
    for (const [path, action] of [['/meta', 'net http://169.254.169.254'], ['/odd', 'net http://127.0.0.1:8399'], ['/v6', 'net http://[::1]:8399']]) {
      const run = await visit([`net ${site.origin}`], `${site.origin}${path}`);
      expect(run.outcome.error).toMatchObject({ code: 'egress-denied', message: `Not allowed: ${action}.` });
    }
  });

  it('refuses a granted name that a hostile DNS points to the inside, even if only one of its answers does', async () => {
    await using inside = await trap();
    const asked: string[] = [];
    const toolbox = browserToolbox({ resolver: (host) => {
      asked.push(host);
      return Promise.resolve(['93.184.215.14', '127.0.0.1']);
    } });
    const run = await visit([`net http://shop.example:${inside.port}`], `http://shop.example:${inside.port}/`, {}, toolbox);
    expect(run.outcome.error).toMatchObject({ code: 'egress-denied', message: 'shop.example resolves to 127.0.0.1, which is not a public address.' });
    expect(asked[0]).toBe('shop.example');
    expect(inside.reached).toEqual([]);
  });

  it('tries both loopback addresses for a granted localhost, and no other port', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>v6</title>')));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const { port } = server.address() as AddressInfo;
    await using other = await trap();
    const { tools } = browserToolbox();
    const run = await withRun(['browser', `net http://localhost:${port}`], async (scope) => {
      const call = tools(scope);
      expect(await call('browser.open', { url: `http://localhost:${port}/` })).toMatchObject({ title: 'v6' });
      expect(await rejected(call('page.goto', { page: 'p1', url: `http://localhost:${other.port}/` }))).toMatchObject({ code: 'denied' });
      return null;
    });
    server.close();
    run.result();
    expect(other.reached).toEqual([]);
  });

  it('lets a page talk over web sockets to a host that was granted, and to no other', async () => {
    const answers: string[] = [];
    const server = createTcpServer((socket: Socket) => socket.once('data', (chunk) => {
      answers.push(chunk.toString('latin1').split('\r\n')[0]!);
      socket.end();
    }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await using forbidden = await trap();
    const script = (to: number) => `new Promise((resolve) => { const s = new WebSocket("ws://127.0.0.1:${to}/socket"); s.onclose = () => resolve("closed") })`;
    await using site = await serve({ '/': 'x' });
    const { tools } = browserToolbox();
    const run = await withRun(['browser', `net ${site.origin}`, `net http://127.0.0.1:${port}`], async (scope) => {
      const call = tools(scope);
      await call('browser.open', { url: `${site.origin}/` });
      await call('page.evaluate', { page: 'p1', expression: script(port) });
      return call('page.evaluate', { page: 'p1', expression: script(forbidden.port) });
    });
    server.close();
    run.result();
    expect(answers).toEqual(['GET /socket HTTP/1.1']);
    expect(forbidden.reached).toEqual([]);
  });

  it('speaks TLS through the proxy to a granted port, and trusts no certificate that the system does not', async () => {
    const hello = Promise.withResolvers<string | false | null>();
    const server = createTlsServer({ ...selfSigned, ALPNProtocols: ['http/1.1'], SNICallback: (name, done) => {
      hello.resolve(name);
      done(null);
    } }).on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const run = await visit([`net https://localhost:${port}`], `https://localhost:${port}/`);
    server.close();
    expect(await hello.promise).toBe('localhost');
    expect(run.outcome.error).toMatchObject({ code: 'page-failed', message: `https://localhost:${port}/ could not be opened: its certificate is not valid (ERR_CERT_AUTHORITY_INVALID).` });
  });

  it('denies what an ask rule covers, until the person has said yes to exactly that address', async () => {
    await using site = await serve({ '/': '<title>Asked</title>', '/on': redirectTo('/') });
    const rule = { effect: 'ask', grant: parseGrant(`net ${site.origin}`, '/'), origin: 'test' } as const;
    const approver = { approve: () => Promise.resolve({ answer: 'once' } as const), ask: () => Promise.resolve(undefined) };
    expect((await visit([], `${site.origin}/on`, { rules: [rule], approver })).result()).toMatchObject({ title: 'Asked' });
    expect((await visit([], `${site.origin}/`, { rules: [rule] })).outcome.error).toMatchObject({ code: 'denied' });
  });

  it('records a refused host once, however often a page tries, and counts every attempt', async () => {
    await using site = await serve({ '/': '<script>for (let i = 0; i < 20; i++) fetch("http://evil.test/" + i).catch(() => 0); fetch("http://other.test/").catch(() => 0)</script>' });
    const { tools } = browserToolbox();
    const run = await withRun(['browser', `net ${site.origin}`], async (scope) => {
      const call = tools(scope);
      await call('browser.open', { url: `${site.origin}/`, waitUntil: 'idle' });
      await call('page.waitFor', { page: 'p1', ms: 200 });
      return null;
    });
    const denied = run.of('decision').filter(({ outcome }) => outcome === 'denied');
    expect(denied.map(({ action }) => action).sort()).toEqual(['net http://evil.test', 'net http://other.test']);
    expect(denied[0]!.reason).toContain(`A page of ${site.origin} asked for it.`);
    expect(run.of('meter').find(({ meter }) => meter === 'browser.blocked_requests')).toMatchObject({ value: 21, mark: 'measured' });
    expect(networkOf(run.events).refused).toEqual([
      { action: 'net http://evil.test', attempts: 20, reason: 'Not allowed: net http://evil.test.' }, { action: 'net http://other.test', attempts: 1, reason: 'Not allowed: net http://other.test.' },
    ]);
  });

  it('meters what goes over the network and ends the browser when the budget for it is used up', async () => {
    await using site = await serve({ '/': 'x'.repeat(10_000), '/big': (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('y'.repeat(5_000_000)) });
    const small = await visit([`net ${site.origin}`], `${site.origin}/`);
    const received = small.of('meter').find(({ meter }) => meter === 'egress.bytes_in')!.value;
    expect(received).toBeGreaterThan(10_000);
    expect(received).toBeLessThan(12_000);
    const { hosts, refused } = networkOf(small.events);
    expect(hosts).toMatchObject([{ host: `127.0.0.1:${site.port}`, received }]);
    expect(hosts[0]!.sent).toBeGreaterThan(50);
    expect(refused).toEqual([]);
    const big = await visit([`net ${site.origin}`], `${site.origin}/big`, { budget: { egressBytes: 200_000 } });
    expect(big.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'budget-exceeded', data: { budget: 'egressBytes', limit: 200_000 } } });
  });
});
