import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EraBook } from '../../../src/mcp/era-book.ts';
import type { McpServerConfig } from '../../../src/mcp/mcp-config.ts';
import { serverFacts } from '../../../src/mcp/server-facts.ts';
import { serverIdentity } from '../../../src/policy/mcp-identity.ts';
import { fixture, nodeServer, serverConfig, withHub } from '../../helpers/mcp.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

type Handler = (method: string, request: IncomingMessage, response: ServerResponse, body: string) => unknown;

async function listen(handler: Handler): Promise<{ readonly url: string; readonly seen: readonly string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const method = body === '' ? '' : ((JSON.parse(body) as { readonly method?: string }).method ?? 'answer');
    seen.push(`${request.method ?? ''} ${method}`.trim());
    await handler(method, request, response, body);
  })());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, seen };
}

const remote = (url: string): McpServerConfig => serverConfig('remote', { type: 'http', url, headers: {} });
const identity = (config: McpServerConfig) => serverIdentity(serverFacts(config));

/** An old server with the HTTP transport of 2024: messages are posted to an address that its stream of events names. */
function oldHttp(): Handler {
  let stream: ServerResponse | undefined;
  return (method, request, response, body) => {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('event: endpoint\ndata: /messages\n\n');
      return;
    }
    if (request.url !== '/messages') return void response.writeHead(405).end();
    response.writeHead(202).end();
    const { id } = JSON.parse(body) as { readonly id?: number };
    const result = method === 'initialize' ? { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: { name: 'old', version: '1' } } : { tools: [{ name: 'old-tool', inputSchema: { type: 'object' } }] };
    if (id !== undefined) stream?.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
  };
}

describe('a process', () => {
  it('that ends at a question of the new protocol is started once more and greeted in the old way, and so at once from then on', async () => {
    const eras = new EraBook();
    const config = nodeServer('paging', fixture('paging.mjs'), ['dies']);
    await withHub(() => [config], async ({ hub }) => {
      for (let time = 0; time < 2; time++) {
        await hub.tools('paging');
        expect(await eras.get(identity(config))).toMatchObject({ era: 'legacy' });
      }
      expect(await hub.look('paging', ({ era, negotiated }) => Promise.resolve({ era, certain: negotiated?.certain }))).toEqual({ era: 'legacy', certain: true });
    }, { eras });
  });

  it('that has learned the new protocol is found out although it was known as an old one', async () => {
    const eras = new EraBook();
    const config = nodeServer('modern', fixture('modern.mjs'));
    await eras.remember(identity(config), { era: 'legacy' });
    await withHub(() => [config], async ({ hub }) => {
      expect(await hub.look('modern', ({ era }) => Promise.resolve(era))).toBe('modern');
      expect(await eras.get(identity(config))).toMatchObject({ era: 'modern' });
    }, { eras });
  });
});

describe('a web server', () => {
  it('of the HTTP transport of 2024 is reached without being told so, and at once from then on', async () => {
    const { url, seen } = await listen(oldHttp());
    const eras = new EraBook();
    await withHub(() => [remote(url)], async ({ hub }) => {
      expect((await hub.tools('remote')).map(({ name }) => name)).toEqual(['old-tool']);
      const before = seen.length;
      expect(await eras.get(identity(remote(url)))).toMatchObject({ era: 'legacy', transport: 'sse' });
      await hub.tools('remote');
      expect(seen.slice(before)[0]).toBe('GET');
    }, { eras });
  });

  it('that is simply not there is reported as that, and not as an old one', async () => {
    const { url } = await listen((_method, _request, response) => void response.writeHead(404).end());
    await withHub(() => [remote(url)], async ({ hub }) => {
      await expect(hub.tools('remote')).rejects.toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('HTTP 404') as string });
    });
  });
});

describe('what a server of the new protocol says of the age of its answers', () => {
  it('is obeyed: what is fresh is not asked for again, what has no time is', async () => {
    const results: Readonly<Record<string, object>> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { resources: {} }, ttlMs: 0, cacheScope: 'private' },
      'resources/list': { resources: [{ uri: 'a://b', name: 'b' }], ttlMs: 60_000, cacheScope: 'public' },
      'resources/read': { contents: [{ uri: 'a://b', text: 'read' }], ttlMs: 0, cacheScope: 'private' },
    };
    const { url, seen } = await listen((method, _request, response, body) => {
      const { id } = JSON.parse(body) as { readonly id?: number };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...(results[method] === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result: { resultType: 'complete', ...results[method] } }) }));
    });
    await withHub(() => [remote(url)], ({ hub }) => hub.look('remote', async ({ offers }) => {
      for (let time = 0; time < 2; time++) {
        expect((await offers.resources()).map(({ uri }) => uri)).toEqual(['a://b']);
        expect((await offers.read('a://b')).contents).toMatchObject([{ text: 'read' }]);
      }
    }));
    expect(seen.filter((each) => each.startsWith('POST resources/'))).toEqual(['POST resources/list', 'POST resources/read', 'POST resources/read']);
  });
});

describe('a sign-in', () => {
  /** Wants a token, and tells whom it let in. */
  const guarded = (): Handler => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'guarded', version: '1' }, { capabilities: { tools: {} } });
      server.registerTool('whoami', { inputSchema: z.object({}) }, () => ({ content: [{ type: 'text', text: 'you' }] }));
      return server;
    });
    return async (_method, request, response, body) => {
      if (request.headers.authorization !== 'Bearer fresh') return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      const answer = await handler.fetch(new Request(`http://127.0.0.1${request.url ?? ''}`, { method: request.method ?? 'POST', headers: request.headers as Record<string, string>, ...(body === '' ? {} : { body }) }));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      // The stream of changes says its first word and then stays open.
      if (answer.body !== null) for await (const chunk of answer.body) response.write(chunk);
      response.end();
    };
  };

  it('is done by the provider that is given for the server, and the clock of the start stands still while it waits for the person', async () => {
    const { url } = await listen(guarded());
    let token: string | undefined;
    const asked: string[] = [];
    await withHub(() => [{ ...remote(url), connectTimeoutMs: 400 }], async ({ hub }) => {
      expect((await hub.tools('remote')).map(({ name }) => name)).toEqual(['whoami']);
      expect(asked).toEqual([`remote ${url}`]);
    }, {
      auth: (config, address, { waiting }) => ({
        provider: {
          token: () => Promise.resolve(token),
          onUnauthorized: () => waiting(async () => {
            asked.push(`${config.name} ${address.href}`);
            await new Promise((resolve) => setTimeout(resolve, 800));
            token = 'fresh';
          }),
        },
      }),
    });
  });

  it('sees every request where it wraps them, and cannot reach another origin through the connection', async () => {
    const { url, seen } = await listen(guarded());
    const elsewhere = await listen((_method, _request, response) => void response.end('{}'));
    const refusals: unknown[] = [];
    await withHub(() => [remote(url)], async ({ hub }) => {
      await hub.tools('remote');
      expect(seen.length).toBeGreaterThan(1);
      expect(refusals.length).toBeGreaterThan(0);
      expect(elsewhere.seen).toEqual([]);
    }, {
      auth: () => ({
        fetch: (next) => async (input, init) => {
          await Promise.resolve(next(elsewhere.url)).catch((error: unknown) => refusals.push(error));
          const headers = new Headers(init?.headers);
          headers.set('authorization', 'Bearer fresh');
          return next(input, { ...init, headers });
        },
      }),
    });
  });
});
