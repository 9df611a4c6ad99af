import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { McpConnection } from '../../../src/mcp/mcp-connection.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { serverConfig, withHub } from '../../helpers/mcp.ts';
import { modernMcp, type ModernCall } from '../../helpers/modern-mcp.ts';

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });

/** Calls one tool of a server whose every call is answered by `call`. */
async function against<T>(call: (call: ModernCall) => void, work: (tool: (args?: JsonObject, signal?: AbortSignal) => ReturnType<McpConnection['callTool']>, requests: readonly string[]) => Promise<T>, definition: object = {}): Promise<T> {
  await using site = await modernMcp({ odd: { definition, call } });
  return await withHub(() => [serverConfig('remote', { type: 'http', url: `${site.origin}/mcp`, headers: { 'X-Team': 'blue' } })], ({ hub }) =>
    hub.look('remote', (connection) => work((args = {}, signal) => connection.callTool('odd', args, { timeoutMs: 20_000, ...(signal === undefined ? {} : { signal }) }), site.requests)));
}

const stream = ({ response }: ModernCall, ...messages: readonly object[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const message of messages) response.write(`event: message\r\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\r\n\r\n`);
  response.end();
};

describe('a call over HTTP in the revision of 2026', () => {
  it('says in headers what it is, with those of the configuration', async () => {
    await against((call) => call.give(text(JSON.stringify(call.request.headers))), async (tool) => {
      const { content: [block] } = await tool();
      expect(JSON.parse(block?.type === 'text' ? block.text : '')).toMatchObject({
        'mcp-method': 'tools/call', 'mcp-name': 'odd', 'mcp-protocol-version': '2026-07-28', 'x-team': 'blue', 'content-type': 'application/json', accept: 'application/json, text/event-stream',
      });
    });
  });

  it('is sent once, whatever is answered: a picture comes through the library', async () => {
    let calls = 0;
    await against((call) => {
      calls += 1;
      call.give({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] });
    }, async (tool) => {
      expect(await tool()).toMatchObject({ content: [{ type: 'image', mimeType: 'image/png' }] });
      expect(calls).toBe(1);
    });
  });

  it('goes through the library where its arguments belong into headers, and where its answer has a schema', async () => {
    const mirrored = { inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } } };
    await against((call) => call.give(text(String(call.request.headers['mcp-param-region']))), async (tool) => expect(await tool({ region: 'eu' })).toMatchObject(text('eu')), mirrored);
    const checked = { outputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } };
    await against((call) => call.give({ ...text('{}'), structuredContent: { n: 'one' } }), async (tool) => expect(tool()).rejects.toMatchObject({ code: 'mcp-tool-failed' }), checked);
  });

  it('is answered in a stream: what comes before the answer is heard', async () => {
    await against((call) => stream(call, { method: 'notifications/progress', params: { progressToken: call.token, progress: 1 } }, { id: call.id, result: { resultType: 'complete', ...text('streamed') } }), async (tool) => {
      expect(await tool()).toEqual(text('streamed'));
    });
  });

  it.each<[string, (call: ModernCall) => void, object]>([
    ['ends its stream before the answer', (call) => stream(call), { code: 'mcp-disconnected', hint: expect.stringContaining('look before you repeat it') as string }],
    ['breaks off in the middle of an answer', ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"jsonrpc"', () => response.destroy());
    }, { code: 'mcp-disconnected' }],
    ['answers with what is no JSON', ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), { code: 'mcp-disconnected' }],
    ['refuses the call', ({ id, response }) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'no such region' } })), { code: 'mcp-tool-failed', message: expect.stringContaining('no such region') as string }],
    ['fails', ({ response }) => response.writeHead(503).end('out of order'), { code: 'mcp-disconnected', message: expect.stringContaining('out of order') as string }],
    ['redirects elsewhere', ({ response }) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(), { code: 'mcp-disconnected' }],
    ['answers with more than a message may have', ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(9 * 1024 * 1024)), { code: 'mcp-protocol', message: expect.stringContaining('8388608 bytes') as string }],
  ])('names what is wrong with a server that %s, and is not repeated', async (_, answer, expected) => {
    await against(answer, async (tool, requests) => {
      const before = requests.length;
      await expect(tool()).rejects.toMatchObject(expected);
      expect(requests.length - before).toBe(1);
    });
  });

  it('closes its request when it is cancelled', async () => {
    const closed = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await against(({ response }) => {
      void once(response, 'close').then(() => closed.resolve());
      arrived.resolve();
    }, async (tool) => {
      const abort = new AbortController();
      const outcome = tool({}, abort.signal);
      outcome.catch(() => undefined);
      await arrived.promise;
      abort.abort();
      await expect(outcome).rejects.toMatchObject({ code: 'cancelled' });
      await closed.promise;
    });
  });
});
