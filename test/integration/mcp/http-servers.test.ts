import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { McpServerConfig } from '../../../src/mcp/mcp-config.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import type { Json } from '../../../src/shared/json.ts';
import { everythingScript, serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

const children: ChildProcess[] = [];
const listening: Server[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map(async (child) => {
    if (child.exitCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  }));
  await Promise.all(listening.splice(0).map((server) => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  }));
});

async function listen(listener: RequestListener, port = 0): Promise<number> {
  const server = createServer(listener);
  listening.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await listen(() => undefined);
  const server = listening.pop()!;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The everything server as a web server; gives its port when it listens. */
async function everything(mode: 'sse' | 'streamableHttp'): Promise<number> {
  const port = await freePort();
  const child = spawn(process.execPath, [everythingScript, mode], { env: { PATH: process.env['PATH'], PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  const ready = Promise.withResolvers<void>();
  child.once('exit', () => ready.reject(new Error('The everything server did not start.')));
  child.stderr.on('data', (chunk: Buffer) => chunk.includes(String(port)) && ready.resolve());
  await ready.promise;
  return port;
}

const remote = (url: string, rest: Partial<McpServerConfig> & { type?: 'http' | 'sse'; headers?: Record<string, string> } = {}): McpServerConfig => {
  const { type = 'http', headers = {}, ...config } = rest;
  return serverConfig('remote', { type, url, headers }, config);
};

async function call(config: McpServerConfig, tool: string, args: Json): Promise<FinishedRun> {
  return withHub(() => [config], async ({ hub }) => {
    const registry = new ToolRegistry();
    registry.registerSource(new McpToolSource(hub));
    return withRun(['mcp remote:*'], (scope) => registry.call(`mcp.remote.${tool}`, args, scope));
  });
}

/** A handler that answers JSON-RPC by method, for servers that misbehave in ways a library would not allow. */
function rpc(answer: (method: string, request: IncomingMessage, response: ServerResponse) => unknown): RequestListener {
  return (request, response) => {
    void (async () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as { id?: number; method: string };
      const result = answer(method, request, response);
      if (response.headersSent) return undefined;
      if (id === undefined) return response.writeHead(202).end();
      const body = result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    })();
  };
}

const handshake = (method: string) => {
  if (method === 'initialize') return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'small', version: '1' } };
  return method === 'tools/list' ? { tools: [{ name: 'get', inputSchema: { type: 'object' } }] } : undefined;
};

describe('a server over Streamable HTTP', () => {
  it('is called, told to end its session, and metered by its traffic', async () => {
    const port = await everything('streamableHttp');
    const run = await call(remote(`http://127.0.0.1:${port}/mcp`), 'echo', { message: 'over the wire' });
    expect(run.result()).toBe('Echo: over the wire');
    expect(run.of('lease.destroyed')).toMatchObject([{ verified: true, how: `connection to 127.0.0.1:${port} closed, the remote server was told to end the session` }]);
    const meters = Object.fromEntries(run.of('meter').map(({ meter, value }) => [meter, value]));
    expect(meters['egress.bytes_in']).toBeGreaterThan(1000);
    expect(meters['egress.bytes_out']).toBeGreaterThan(100);
    expect(meters).not.toHaveProperty('mcp.wall_ms');
  });

  it('reports progress and is cancelled in the middle of a call', async () => {
    const port = await everything('streamableHttp');
    await withHub(() => [remote(`http://127.0.0.1:${port}/mcp`)], async ({ hub }) => {
      const registry = new ToolRegistry();
      registry.registerSource(new McpToolSource(hub));
      const run = await withRun(['mcp remote:*'], async (scope, { cancel, store }) => {
        using _listener = store.onAppend((events) => {
          if (events.some(({ type }) => type === 'run.progress')) queueMicrotask(() => cancel('Enough.'));
        });
        return await registry.call('mcp.remote.trigger-long-running-operation', { duration: 30, steps: 300 }, scope);
      });
      expect(run.outcome).toMatchObject({ state: 'cancelled', clean: true });
      expect(run.of('run.progress').length).toBeGreaterThan(0);
    });
  });

  it('of the 2026 protocol is spoken to in that protocol', async () => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'modern', version: '1.0.0' }, { capabilities: { tools: {} } });
      server.registerTool('get', { inputSchema: z.object({}) }, () => ({ content: [{ type: 'text', text: 'modern' }] }));
      return server;
    }, { legacy: 'reject' });
    const port = await listen((request, response) => void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const answer = await handler.fetch(new Request(`http://127.0.0.1${request.url}`, { method: request.method!, headers, ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }) }));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      // A subscription stream says its first word and then stays open.
      if (answer.body !== null) for await (const chunk of answer.body) response.write(chunk);
      response.end();
    })());
    const run = await call(remote(`http://127.0.0.1:${port}/mcp`), 'get', {});
    expect(run.result()).toBe('modern');
    expect(run.of('step.ended').map(({ output }) => output)).toContainEqual({ json: expect.objectContaining({ protocol: '2026-07-28' }) as unknown });
  });

  it('gets the configured headers, which are redacted in the record', async () => {
    process.env['MCP_TEST_TOKEN'] = 'token-4711-4711';
    try {
      const seen = new Set<string | undefined>();
      const port = await listen(rpc((method, request) => {
        seen.add(request.headers.authorization);
        return method === 'tools/call' ? { content: [{ type: 'text', text: `you sent ${request.headers.authorization}` }] } : handshake(method);
      }));
      const run = await call(remote(`http://127.0.0.1:${port}/`, { headers: { Authorization: 'Bearer ${env:MCP_TEST_TOKEN}' } }), 'get', {});
      expect([...seen]).toEqual(['Bearer token-4711-4711']);
      expect(run.outcome.state).toBe('done');
    } finally {
      delete process.env['MCP_TEST_TOKEN'];
    }
  });

  it('asks for a sign-in: the error says where the token goes', async () => {
    const port = await listen((_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end());
    const run = await call(remote(`http://127.0.0.1:${port}/`), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('sign-in (HTTP 401)') as string, hint: expect.stringContaining('"headers" in .vscode/mcp.json:3') as string });
  });

  it('is not there: the error says so', async () => {
    const run = await call(remote(`http://127.0.0.1:${await freePort()}/`), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'mcp-start-failed', message: expect.stringMatching(/could not be reached at http:.*ECONNREFUSED/) as string });
    expect(run.outcome.clean).toBe(true);
  });

  it('is a plain web site: the error shows the status', async () => {
    const port = await listen((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>'));
    const run = await call(remote(`http://127.0.0.1:${port}/`), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'mcp-start-failed', message: expect.stringContaining('HTTP 404') as string });
  });

  it('does not answer: time-out', async () => {
    const port = await listen(() => undefined);
    const run = await call(remote(`http://127.0.0.1:${port}/`, { connectTimeoutMs: 300 }), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('300 ms') as string });
  });

  it('sends the client elsewhere: the token does not go there', async () => {
    const elsewhere: string[] = [];
    const other = await listen((request, response) => {
      elsewhere.push(String(request.headers['x-key']));
      response.writeHead(200).end();
    });
    const port = await listen((_, response) => response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end());
    const run = await call(remote(`http://127.0.0.1:${port}/`, { headers: { 'X-Key': 'secret-of-mine' } }), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'mcp-start-failed' });
    expect(elsewhere).toEqual([]);
  });

  it('answers without end: cut off at the limit', async () => {
    const port = await listen(rpc((method, _, response) => {
      if (method !== 'tools/call') return handshake(method);
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        if (!response.destroyed) response.write(`"${'x'.repeat(1024 * 1024)}`, more);
      };
      more();
      return undefined;
    }));
    const run = await call(remote(`http://127.0.0.1:${port}/`), 'get', {});
    expect(run.outcome.error).toMatchObject({ code: 'mcp-protocol', message: expect.stringContaining('8388608 bytes') as string });
  });
});

describe('a server over the older HTTP with server-sent events', () => {
  it('is called where the configuration says "sse"', async () => {
    const port = await everything('sse');
    const run = await call(remote(`http://127.0.0.1:${port}/sse`, { type: 'sse' }), 'get-sum', { a: 20, b: 22 });
    expect(run.result()).toContain('42');
    expect(run.outcome.clean).toBe(true);
  });
});
