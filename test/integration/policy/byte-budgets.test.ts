import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/shared/json.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { browserToolbox, leavesNothing, serve, type Handler } from '../../helpers/browser.ts';
import { chainTest } from '../../helpers/chains.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());
leavesNothing();

const chain = (body: string, grants: readonly string[], imports = 'http') => `import { ${imports} } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async function (input: any) {\n${body}\n}\n`;
const endless: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  const more = (): void => void (response.destroyed || response.write('z'.repeat(16_384), more));
  more();
};

describe('bytes of a host', () => {
  it('are counted host by host for requests of a program, and the error names the host, the limit and the grant', async () => {
    await using one = await httpSite((_request, response) => response.end('x'.repeat(50_000)));
    await using two = await httpSite((_request, response) => response.end('x'.repeat(50_000)));
    const body = `const said: any[] = []; for (const url of [input.one, input.one, input.one, input.two]) await http.request({ url }).then(() => said.push('ok'), (error: any) => said.push({ code: error.code, message: error.message })); return said;`;
    await using test = await chainTest(sandbox, chain(body, ['net http://127.0.0.1:* {bytes 70kB/host}']));
    const { outcome, of } = await test.run('main', { one: one.origin, two: two.origin });
    const grant = 'net http://127.0.0.1:* {bytes 70kB/host}';
    // The second place is asked about because the first was read: that nobody is there to answer is not the limit's doing.
    expect(outcome.result).toMatchObject(['ok', { code: 'budget-exceeded', message: `net ${one.origin} was ended: the grant "${grant}" has used up its 70000 bytes for each host.` }, { code: 'denied', message: expect.stringContaining(`has used up its 70000 bytes for 127.0.0.1:${one.port}`) as string }, { code: 'denied', message: expect.stringContaining('does not name it exactly') as string }]);
    expect(of('step.ended').find(({ error }) => error?.code === 'budget-exceeded')?.error?.data).toEqual({ budget: 'grant', grant, limit: 70_000, unit: 'bytes', host: `127.0.0.1:${one.port}` });
  });

  it('end the connections of a page to that host, while others go on', async () => {
    await using big = await serve({ '/': endless, '/again': 'small' });
    await using other = await serve({ '/': '<title>Other</title>' });
    const run = await withRun(['browser', `net ${big.origin} {bytes 200kB}`, `net ${other.origin}`], async (scope) => {
      const call = browserToolbox().tools(scope);
      const open = (url: string): Promise<Json> => call('browser.open', { url, timeoutMs: 10_000 }).catch((error: { readonly code: string; readonly message: string; readonly data?: Json }) => ({ code: error.code, message: error.message, data: error.data ?? null }));
      return [await open(`${big.origin}/`), await open(`${other.origin}/`), await open(`${big.origin}/again`)];
    });
    const grant = `net ${big.origin} {bytes 200kB}`;
    const message = `net ${big.origin} was ended: the grant "${grant}" has used up its 200000 bytes.`;
    const [cut, ok, again] = run.result() as readonly Json[];
    expect(cut).toMatchObject({ code: 'budget-exceeded', message, data: { host: `127.0.0.1:${big.port}`, limit: 200_000 } });
    expect(ok).toMatchObject({ title: 'Other' });
    expect(again).toMatchObject({ code: 'denied', message: expect.stringContaining('has used up its 200000 bytes') as string });
    expect(big.requests).toEqual(['GET /']);
    expect(run.of('decision').filter(({ outcome }) => outcome === 'denied').map(({ reason }) => reason)).toContain(message);
    expect(run.of('meter').find(({ meter }) => meter === 'egress.bytes_in')!.value).toBeLessThan(2_000_000);
    expect(run.outcome.clean).toBe(true);
  });
});

/** A remote server of 2025 whose only tool answers with 100,000 letters: as one document, or as a stream of events. */
const server = (stream: boolean) => httpSite((request, response) => void (async () => {
  if (request.method !== 'POST') return response.writeHead(405).end();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id?: number; readonly method: string };
  if (id === undefined) return response.writeHead(202).end();
  const results: Readonly<Record<string, unknown>> = {
    initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'big', version: '1' } },
    'tools/list': { tools: [{ name: 'get', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'x'.repeat(100_000) }] },
  };
  const result = results[method];
  const body = JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -32601, message: 'unknown' } } : { result }) });
  return stream && result !== undefined ? response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`event: message\ndata: ${body}\n\n`) : response.writeHead(200, { 'content-type': 'application/json' }).end(body);
})());

const callTwice = (origin: string, grants: readonly string[], budget: Parameters<typeof withRun>[2] = {}) => withHub(() => [serverConfig('remote', { type: 'http', url: `${origin}/mcp`, headers: {} })], async ({ hub }) => {
  const registry = new ToolRegistry();
  registry.registerSource(new McpToolSource(hub));
  return withRun(grants, async (scope) => {
    const call = (): Promise<Json> => registry.call('mcp.remote.get', {}, scope).then((result) => String(result).length, (error: { readonly code: string; readonly data?: Json }) => ({ code: error.code, data: error.data ?? null }));
    return [await call(), await call()];
  }, budget);
});

describe.each([['as one document', false], ['as a stream of events', true]])('a remote MCP server that answers %s', (_how, stream) => {
  it('is cut off in the middle of the answer that goes over the bytes of its host, and its calls end at once with the reason', async () => {
    await using site = await server(stream);
    const grant = `net ${site.origin} {bytes 150kB}`;
    const run = await callTwice(site.origin, ['mcp remote:*', grant]);
    expect(run.result()).toEqual([100_000, { code: 'budget-exceeded', data: { budget: 'grant', grant, limit: 150_000, unit: 'bytes', host: `127.0.0.1:${site.port}` } }]);
    expect(run.outcome.clean).toBe(true);
  });

  it('draws from the bytes of the run', async () => {
    await using site = await server(stream);
    const run = await callTwice(site.origin, ['mcp remote:*'], { budget: { egressBytes: 150_000 } });
    expect(run.result()).toMatchObject([100_000, { code: 'budget-exceeded', data: { budget: 'egressBytes', limit: 150_000 } }]);
  });

  it('is held to the bytes of the grant for its tools, after which nothing more is called', async () => {
    await using site = await server(stream);
    const run = await callTwice(site.origin, ['mcp remote:get {bytes 50kB}']);
    expect(run.result()).toMatchObject([{ code: 'budget-exceeded', data: { limit: 50_000 } }, { code: 'denied' }]);
  });
});

describe('the money of a grant, where the model has a price', () => {
  /** Four questions to a model, of which each costs 1000 x 2 + 100 x 10 millionths of a dollar: what they came to, how many were sent, and the bill in dollars. */
  async function fourQuestions(grant: string) {
    await using provider = await scriptedServer(() => ({ text: ['Blue.'], usage: { prompt_tokens: 1000, completion_tokens: 100 } }));
    const body = "const said: string[] = []; for (let i = 0; i < 4; i++) await model.ask('What color?').then(() => said.push('ok'), (error: any) => said.push(`${error.code}: ${error.message}`)); return said;";
    const settings = { discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl: provider.baseUrl }], modelPrices: { 'test/scripted': { input: 2, output: 10 } } } as const;
    await using test = await chainTest(sandbox, chain(body, [grant], 'model'), { settings });
    const { outcome } = await test.run('main', null, { budget: { tokens: 1_000_000, moneyUsd: 1 } });
    return { result: outcome.result, sent: provider.requests.length, usd: test.runtime.bill(outcome.id).realCostUsd };
  }
  const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

  it('ends with the answer that uses it up', async () => {
    const { result, sent, usd } = await fourQuestions('model test/scripted {usd 0.0058}');
    expect(result).toEqual(['ok', 'ok', matching(/^denied: .*has used up its 0\.0058 US dollars/), matching(/^denied/)]);
    expect(sent).toBe(2);
    expect(usd).toBeCloseTo(0.006, 9);
  });

  it('is not begun to be spent by a request that costs more than what is left', async () => {
    const { result, sent, usd } = await fourQuestions('model test/scripted {usd 0.004}');
    const refused = matching(/^budget-exceeded: The grant for test\/scripted has \$0\.001 left: the next request to test\/scripted costs about \$/);
    expect(result).toEqual(['ok', refused, refused, refused]);
    expect(sent).toBe(1);
    expect(usd).toBeCloseTo(0.003, 9);
  });
});
