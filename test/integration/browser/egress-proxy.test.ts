import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { EgressProxy } from '../../../src/browser/egress-proxy.ts';
import type { Resolver } from '../../../src/policy/egress.ts';
import type { Json } from '../../../src/shared/json.ts';
import { serve, trap } from '../../helpers/browser.ts';
import { withRun, type FinishedRun, type WithRunOptions } from '../../helpers/run.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const nobody: Resolver = () => Promise.reject(new Error('no DNS in this test'));

/** Runs `body` with a proxy of a real run, spoken to without any browser. */
function withProxy(grants: readonly string[], body: (proxy: EgressProxy) => Promise<Json>, resolver: Resolver = nobody, options: WithRunOptions = {}): Promise<FinishedRun> {
  return withRun(grants, async (scope) => {
    const lease = await scope.lease({ kind: 'proxy', label: 'Egress proxy' }, (handle) => EgressProxy.listen({ scope, handle, resolver, log: () => undefined }));
    return body(lease.resource);
  }, options);
}

async function get(proxy: EgressProxy, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: proxy.port, path: url, headers, agent: false });
  sent.end();
  const [response] = await once(sent, 'response') as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

async function tunnelTo(proxy: EgressProxy, target: string): Promise<{ readonly status: number; readonly socket: Socket }> {
  const sent = request({ host: '127.0.0.1', port: proxy.port, method: 'CONNECT', path: target, agent: false });
  sent.end();
  const [response, socket] = await once(sent, 'connect') as [IncomingMessage, Socket];
  socket.on('error', () => undefined);
  return { status: response.statusCode ?? 0, socket };
}

describe('the egress proxy', () => {
  it('sends a granted request on with the headers that are meant for the server, and with the host that was decided on', async () => {
    let seen: IncomingHttpHeaders = {};
    await using site = await serve({ '/a': (incoming, response) => {
      seen = incoming.headers;
      response.writeHead(201, { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] }).end('body');
    } });
    const run = await withProxy([`net ${site.origin}`], async (proxy) => {
      const answer = await get(proxy, `${site.origin}/a?q=1`, { host: 'elsewhere.test', 'proxy-connection': 'keep-alive', 'x-mine': 'yes', connection: 'x-hop', 'x-hop': 'no' });
      expect(answer).toMatchObject({ status: 201, body: 'body', headers: { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] } });
      return null;
    });
    run.result();
    expect(seen).toMatchObject({ host: `127.0.0.1:${site.port}`, 'x-mine': 'yes' });
    expect(seen).not.toHaveProperty('proxy-connection');
    expect(seen).not.toHaveProperty('x-hop');
  });

  it('answers 403 to what was not granted, whatever the spelling, and reaches nobody', async () => {
    await using forbidden = await trap();
    const spellings = [`http://127.0.0.1:${forbidden.port}/`, `http://2130706433:${forbidden.port}/`, `http://0x7f.0.0.1:${forbidden.port}/`, `http://0177.0.0.1:${forbidden.port}/`, `http://127.1:${forbidden.port}/`, `http://LOCALHOST.:${forbidden.port}/`, `http://[::ffff:7f00:1]:${forbidden.port}/`, 'http://169.254.169.254/', 'http://evil.test/'];
    const run = await withProxy(['net http://127.0.0.1:1', 'net https://*.example'], async (proxy) => {
      for (const url of spellings) expect(await get(proxy, url), url).toMatchObject({ status: 403 });
      for (const target of [`127.0.0.1:${forbidden.port}`, `[::ffff:127.0.0.1]:${forbidden.port}`, `2130706433:${forbidden.port}`, 'evil.test:443', 'example:443']) {
        expect((await tunnelTo(proxy, target)).status, target).toBe(403);
      }
      return null;
    });
    run.result();
    expect(forbidden.reached).toEqual([]);
  });

  it('refuses what is no request to a proxy: relative addresses, other schemes, credentials in the address, itself', async () => {
    const run = await withProxy(['net http://127.0.0.1:*'], async (proxy) => {
      for (const url of ['/relative', 'ftp://127.0.0.1/', 'https://127.0.0.1/', 'http://user:pass@127.0.0.1/']) expect(await get(proxy, url), url).toMatchObject({ status: 400 });
      expect(await get(proxy, `http://127.0.0.1:${proxy.port}/`)).toMatchObject({ status: 403 });
      for (const target of ['127.0.0.1', '127.0.0.1:99999', 'a/b:443', 'user@127.0.0.1:443']) expect((await tunnelTo(proxy, target)).status, target).toBe(400);
      return null;
    });
    run.result();
  });

  it('connects to the address that it decided on, and asks the DNS again for each connection', async () => {
    await using inside = await trap();
    const answers = [['93.184.215.14', '10.0.0.1'], ['127.0.0.1'], ['::ffff:127.0.0.1'], []];
    const asked: string[] = [];
    const run = await withProxy([`net http://rebound.example:${inside.port}`], async (proxy) => {
      for (let i = 0; i < 4; i++) expect(await get(proxy, `http://rebound.example:${inside.port}/`)).toMatchObject({ status: 403 });
      return null;
    }, (host) => Promise.resolve(answers[asked.push(host) - 1]!));
    run.result();
    expect(asked).toHaveLength(4);
    expect(inside.reached).toEqual([]);
  });

  it('joins a granted tunnel in both directions', async () => {
    const echo = createTcpServer((socket) => void socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    const run = await withProxy([`net https://127.0.0.1:${port}`], async (proxy) => {
      const { status, socket } = await tunnelTo(proxy, `127.0.0.1:${port}`);
      expect(status).toBe(200);
      socket.write('ping');
      expect(String(await once(socket, 'data'))).toBe('ping');
      socket.destroy();
      return null;
    });
    echo.close();
    run.result();
    expect(run.of('meter').filter(({ meter }) => meter.startsWith('egress.')).map(({ value }) => value)).toEqual([4, 4]);
  });

  it('closes the sockets to both sides at the end of its run, even to a server that never lets go', async () => {
    const open = new Set<Socket>();
    const stubborn = createTcpServer({ allowHalfOpen: true }, (socket) => {
      open.add(socket.on('error', () => undefined).on('data', () => undefined));
      socket.once('close', () => open.delete(socket));
    });
    await new Promise<void>((resolve) => stubborn.listen(0, '127.0.0.1', resolve));
    const { port } = stubborn.address() as AddressInfo;
    let mine: Socket | undefined;
    const run = await withProxy([`net http://127.0.0.1:${port}`], async (proxy) => {
      mine = (await tunnelTo(proxy, `127.0.0.1:${port}`)).socket;
      mine.write('x');
      await expect.poll(() => open.size).toBe(1);
      return proxy.port;
    });
    expect(run.of('lease.destroyed')).toMatchObject([{ verified: true, how: `a connection to 127.0.0.1:${Number(run.result())} is refused, 0 of its sockets are open` }]);
    // With data unread and nobody behind the socket the kernel resets it: the other side sees its end.
    for (const socket of open) socket.write('anybody there?');
    await expect.poll(() => { for (const socket of open) socket.write('.'); return open.size; }).toBe(0);
    expect(mine?.destroyed || mine?.readableEnded || (await once(mine!, 'close'))).toBeTruthy();
    const again = connect({ host: '127.0.0.1', port: Number(run.result()) });
    expect(String((await once(again, 'error'))[0])).toContain('ECONNREFUSED');
    stubborn.close();
  });

  it('stops a transfer in the middle when the bytes of the run are used up', async () => {
    const server = createServer((_incoming, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write('z'.repeat(65_536), more));
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const run = await withProxy([`net http://127.0.0.1:${port}`], async (proxy) => {
      await get(proxy, `http://127.0.0.1:${port}/endless`).catch(() => undefined);
      expect(proxy.exhausted.reason).toMatchObject({ code: 'budget-exceeded' });
      return null;
    }, nobody, { budget: { egressBytes: 1_000_000 } });
    server.close();
    run.result();
    expect(run.of('meter').find(({ meter }) => meter === 'egress.bytes_in')!.value).toBeLessThan(2_000_000);
  });
});
