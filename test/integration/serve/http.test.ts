import { request } from 'node:http';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../../../src/policy/approver.ts';
import type { HttpService } from '../../../src/serve/serve-http.ts';
import { entry, testRegistry } from '../../helpers/mcp-registry.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { connected, eras, overHttp, textsOf } from './client.ts';
import { serving } from './serving.ts';

const greet = `export const meta = { description: 'Greets', input: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }, output: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } };
export default async function ({ name }: { name: string }) { return { text: name === '' ? 7 : 'Hello ' + name }; }`;
const forEver = "import { progress } from 'assassin';\nexport default async function () { for (let i = 0; ; i++) { progress('Round ' + i); await new Promise((resolve) => setTimeout(resolve, 20)); } }";

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

const files = { '.assassin/chains/greet.ts': greet, '.assassin/chains/broken.ts': 'export default', 'secret.txt': 'inside' };
const served = (options?: Parameters<typeof serving>[2]) => serving(sandbox, files, options);

describe.each(eras)('the server on HTTP, for a client that negotiates as %s', (era) => {
  it('offers sandbox, browser, catalogue and each chain that is in order with its schemas', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['run_code', 'open_page', 'verify_page', 'search_tools', 'call_tool', 'search_servers', 'chain_greet']);
    expect(tools.at(-1)).toMatchObject({ inputSchema: { required: ['name'] }, outputSchema: { required: ['text'] } });
    const result = await client.callTool({ name: 'chain_greet', arguments: { name: 'Ada' } });
    expect(result.structuredContent).toEqual({ text: 'Hello Ada' });
    const broken = await client.callTool({ name: 'chain_greet', arguments: { name: '' } });
    expect(broken.isError).toBe(true);
    expect(textsOf(broken)[0]).toContain('result.text');
  });

  it('makes each call a recorded run whose trace is a resource', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), era);
    const result = await client.callTool({ name: 'run_code', arguments: { code: 'export default async () => 6 * 7' } });
    expect(textsOf(result)[0]).toBe('42');
    const run = result._meta?.['infrastructure-assassin/run'] as string;
    expect(open.test.runtime.store.run(run)).toMatchObject({ state: 'done' });
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain(`assassin://runs/${run}`);
    const { contents } = await client.readResource({ uri: `assassin://runs/${run}` });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ summary: { id: run }, destruction: { clean: true } });
    await expect(client.readResource({ uri: 'assassin://runs/run_nothing' })).rejects.toThrow();
    await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toThrow(/no tool/);
  });

  it('denies what nobody has granted, and says what would grant it', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), era);
    const result = await client.callTool({ name: 'call_tool', arguments: { name: 'workspace.readFile', input: { path: 'secret.txt' } } });
    expect(result.isError).toBe(true);
    expect(textsOf(result).join()).toMatch(/denied.*fs\.read/s);
    expect(textsOf(result).join()).not.toContain('inside');
  });

  it('asks a person where there is one, for this call alone', async () => {
    const asked: ApprovalRequest[] = [];
    await using open = await served({ approver: { approve: (request) => { asked.push(request); return Promise.resolve({ answer: 'once' }); }, ask: () => Promise.resolve(undefined) } });
    await using client = await connected(overHttp(open.service), era);
    const code = "import { workspace } from 'assassin';\nexport default async () => workspace.readFile('secret.txt');";
    expect(textsOf(await client.callTool({ name: 'run_code', arguments: { code } }))[0]).toBe('inside');
    await client.callTool({ name: 'run_code', arguments: { code } });
    expect(asked.map(({ text }) => text)).toEqual([expect.stringContaining('secret.txt'), expect.stringContaining('secret.txt')]);
  });

  it('gives a run what the server was started with', async () => {
    await using open = await served({ start: { grants: ['fs.read secret.txt'] } });
    await using client = await connected(overHttp(open.service), era);
    expect(textsOf(await client.callTool({ name: 'call_tool', arguments: { name: 'workspace.readFile', input: { path: 'secret.txt' } } }))[0]).toBe('inside');
  });

  it('passes progress on, and cancels the run when the client takes the call back', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), era);
    const controller = new AbortController();
    const heard: string[] = [];
    const call = client.callTool({ name: 'run_code', arguments: { code: forEver } }, {
      signal: controller.signal,
      onprogress: ({ message = '' }) => {
        heard.push(message);
        if (message === 'Round 2') controller.abort();
      },
    });
    await expect(call).rejects.toThrow();
    expect(heard).toEqual(expect.arrayContaining(['Round 0', 'Round 1', 'Round 2']));
    const { runtime } = open.test;
    await Promise.all(runtime.runs.live.map(({ outcome }) => outcome));
    expect(runtime.store.runs({ workspace: open.test.workspace, limit: 1 }).items).toMatchObject([{ state: 'cancelled' }]);
  });

  it('tells of chains that come', async () => {
    await using open = await served();
    const told = Promise.withResolvers<void>();
    await using client = await connected(overHttp(open.service), era, told.resolve);
    await client.listTools();
    // The watcher has to have seen what there was before, which nobody tells: it is written until it is noticed.
    const writing = setInterval(() => writeFileSync(join(open.test.workspace, '.assassin/chains/second.ts'), `export default async () => ${Date.now()};`), 300);
    await told.promise.finally(() => clearInterval(writing));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('chain_second');
  });

  it('finds tools by words and calls what was found', async () => {
    await using open = await served({ start: { grants: ['fs.read **'] } });
    await using client = await connected(overHttp(open.service), era);
    const found = await client.callTool({ name: 'search_tools', arguments: { query: ['read a file', 'take a screenshot'] } });
    const { tools } = found.structuredContent as { tools: readonly { name: string; inputSchema: object }[] };
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['workspace.readFile', 'page.screenshot']));
    expect(tools[0]!.inputSchema).toMatchObject({ type: 'object' });
  });

  it('finds published servers in what was fetched last, as text of strangers, and neither fetches nor adds any', async () => {
    await using registry = await testRegistry([entry('com.example/billing', { version: '1.2.3', description: 'Sends invoices' }), entry('com.example/weather')]);
    await using open = await served({ settings: { mcpRegistries: { official: '', company: registry.url } } });
    await using client = await connected(overHttp(open.service), era);
    const { runtime } = open.test;
    const empty = await client.callTool({ name: 'search_servers', arguments: { query: 'invoices' } });
    expect(empty.structuredContent).toMatchObject({ servers: [], registries: [], note: expect.stringContaining('mcp catalog sync') as string });
    expect(registry.lists).toEqual([]);
    await runtime.mcpCatalog.sync();
    const fetched = registry.lists.length;
    const found = await client.callTool({ name: 'search_servers', arguments: { query: 'send invoices' } });
    expect(found.structuredContent).toMatchObject({ servers: [{ name: 'com.example/billing', version: '1.2.3', status: 'active', publisher: expect.any(String) as string }], registries: [{ name: 'company', servers: 2 }] });
    expect(textsOf(found).at(-1)).toMatch(/text of strangers \(company:catalogue\)/);
    expect([registry.lists.length, runtime.mcp.servers()]).toEqual([fetched, []]);
    expect(runtime.events(found._meta?.['infrastructure-assassin/run'] as string).filter(({ type }) => type === 'lease.created')).toEqual([]);
    const refused = await client.callTool({ name: 'search_servers', arguments: { query: 'x', registry: 'nowhere' } });
    expect([refused.isError, textsOf(refused).join()]).toEqual([true, expect.stringContaining('There is no registry "nowhere"')]);
    const odd = await client.callTool({ name: 'search_servers', arguments: { query: 7 } });
    expect([odd.isError, textsOf(odd).join()]).toEqual([true, expect.stringContaining('invalid-input')]);
  });
});

it('serves two clients of both eras at once', async () => {
  await using open = await served();
  await using first = await connected(overHttp(open.service), 'auto');
  await using second = await connected(overHttp(open.service), 'legacy');
  const calls = [first, second, first, second].map((client, i) => client.callTool({ name: 'chain_greet', arguments: { name: `number ${i}` } }));
  expect((await Promise.all(calls)).map(({ structuredContent }) => structuredContent)).toEqual([0, 1, 2, 3].map((i) => ({ text: `Hello number ${i}` })));
});

it('ends what goes on when it is closed, and its port with it', async () => {
  const open = await served();
  const client = await connected(overHttp(open.service));
  const call = client.callTool({ name: 'run_code', arguments: { code: forEver } }).catch((error: unknown) => error);
  await expect.poll(() => open.test.runtime.runs.live.length).toBe(1);
  await open[Symbol.asyncDispose]();
  expect(await call).toBeInstanceOf(Error);
  await expect(fetch(open.service.url)).rejects.toThrow();
  await client.close();
});

describe('attacks on the HTTP form', () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } });

  /** With headers that fetch would not let through. */
  function post(url: string, headers: Readonly<Record<string, string>>, content = body, method = 'POST'): Promise<{ readonly status: number | undefined; readonly text: string; readonly headers: NodeJS.Dict<string | string[]> }> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers }));
        answer.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(content);
    });
  }

  it.each<readonly [attack: string, headers: (served: HttpService) => Record<string, string>, status: number]>([
    ['no token', () => ({}), 401],
    ['a wrong token', () => ({ authorization: 'Bearer wrong' }), 401],
    ['the token in another scheme', ({ token }) => ({ authorization: `Basic ${token}` }), 401],
    ['the beginning of the token', ({ token }) => ({ authorization: `Bearer ${token.slice(0, -1)}` }), 401],
    ['a page of another origin, with the token', ({ token }) => ({ authorization: `Bearer ${token}`, origin: 'https://evil.example' }), 403],
    ['a sandboxed page', ({ token }) => ({ authorization: `Bearer ${token}`, origin: 'null' }), 403],
    ['a page on another port of this computer', ({ token }) => ({ authorization: `Bearer ${token}`, origin: 'http://localhost:3000' }), 403],
    ['a name that was pointed here (DNS rebinding)', ({ token, url }) => ({ authorization: `Bearer ${token}`, host: `evil.example:${new URL(url).port}` }), 403],
    ['this address without its port', ({ token }) => ({ authorization: `Bearer ${token}`, host: '127.0.0.1' }), 403],
    ['a name of this computer in front of another', ({ token, url }) => ({ authorization: `Bearer ${token}`, host: `localhost.evil.example:${new URL(url).port}` }), 403],
  ])('turns away %s', async (_attack, headers, status) => {
    await using open = await served();
    const answer = await post(open.service.url, headers(open.service));
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(open.service.token);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(open.test.runtime.store.runs({ workspace: open.test.workspace, limit: 1 }).items).toEqual([]);
  });

  it('answers no preflight with leave', async () => {
    await using open = await served();
    const answer = await post(open.service.url, { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }, '', 'OPTIONS');
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('lets nobody into the session of another without the token, or by a guessed session', async () => {
    await using open = await served();
    const { token, url } = open.service;
    const begun = await post(url, { authorization: `Bearer ${token}` });
    const session = begun.headers['mcp-session-id'] as string;
    expect(session).toMatch(/^[0-9a-f-]{36}$/);
    const list = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect((await post(url, { 'mcp-session-id': session }, list)).status).toBe(401);
    expect((await post(url, { authorization: `Bearer ${token}`, 'mcp-session-id': '00000000-0000-4000-8000-000000000000' }, list)).status).toBe(404);
    expect((await post(url, { authorization: `Bearer ${token}` }, list)).status).toBe(400);
  });

  it('takes no body over its limit, no other path and nothing that is no JSON', async () => {
    await using open = await served();
    const { token, url } = open.service;
    const headers = { authorization: `Bearer ${token}` };
    const large = await post(url, headers, `"${'x'.repeat(5 * 1024 * 1024)}"`).then(({ status }) => status, () => 'cut off');
    expect([413, 'cut off']).toContain(large);
    expect((await post(`${url}/../etc`, headers)).status).toBe(404);
    expect((await post(url, headers, '{')).status).toBe(400);
  });

  it('has no more sessions than it can hold', async () => {
    await using open = await served();
    const { token, url } = open.service;
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i < 66; i += 1) statuses.push((await post(url, { authorization: `Bearer ${token}` })).status);
    expect(statuses.slice(0, 64).every((status) => status === 200)).toBe(true);
    expect(statuses.slice(64)).toEqual([503, 503]);
  });
});
