import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { chain, CommandLine, isRunning, pidsOf } from '../cli/command-line.ts';
import { processesIn } from '../../helpers/mcp.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { connected, eras, overHttp, textsOf } from './client.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const environment = (data: string) => Object.fromEntries(Object.entries({ ...process.env, ASSASSIN_HOME: data }).filter((entry): entry is [string, string] => entry[1] !== undefined));

function over(line: CommandLine, flags: readonly string[] = []): StdioClientTransport {
  return new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp', 'serve', ...flags], cwd: line.workspace, env: environment(line.data), stderr: 'ignore' });
}

const spawned: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
});

function serving(line: CommandLine, flags: readonly string[] = []): { readonly child: ChildProcessWithoutNullStreams; readonly ask: (method: string, params?: object) => Promise<string> } {
  const child = spawn(process.execPath, [cli, 'mcp', 'serve', ...flags], { cwd: line.workspace, env: environment(line.data) });
  spawned.push(child);
  let id = 0;
  return { child, ask: async (method, params = {}) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })}\n`);
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    return text.toString();
  } };
}

const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };

describe.each(eras)('mcp serve on streams, for a client that negotiates as %s', (era) => {
  it('runs code and chains, denies what is not granted, and is gone with its client', async () => {
    using line = new CommandLine({ '.assassin/chains/double.ts': chain('return { twice: input.n * 2 };', { input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } }) });
    const client = await connected(over(line), era);
    expect((await client.callTool({ name: 'chain_double', arguments: { n: 21 } })).structuredContent).toEqual({ twice: 42 });
    const wrong = await client.callTool({ name: 'chain_double', arguments: { n: 'x' } });
    expect(textsOf(wrong)[0]).toMatch(/input\.n/);
    const denied = await client.callTool({ name: 'open_page', arguments: { url: 'http://127.0.0.1:1/' } });
    expect(denied).toMatchObject({ isError: true });
    expect(textsOf(denied)[0]).toContain('[denied]');
    await client.close();
    await expect.poll(() => processesIn(line.workspace)).toEqual([]);
    const { document } = await line.json<{ readonly items: readonly { readonly state: string }[] }>(['runs', 'list']);
    expect(document.items.map(({ state }) => state).toSorted()).toEqual(['done', 'failed', 'failed']);
  });

  it('opens and checks a granted page in a browser that is gone afterwards', async () => {
    await using site = await httpSite((_request, response) => void response.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Shop</title><main><h1>Offers</h1><button>Buy</button></main></html>'));
    using line = new CommandLine();
    await using client = await connected(over(line, ['--allow', 'browser', '--allow', `net ${site.origin}`]), era);
    const opened = await client.callTool({ name: 'open_page', arguments: { url: site.origin } });
    expect(opened.structuredContent).toMatchObject({ status: 200, title: 'Shop', snapshot: expect.stringContaining('button "Buy"') as string });
    expect(textsOf(opened).at(-1)).toContain('text of strangers');
    const checked = await client.callTool({ name: 'verify_page', arguments: { url: site.origin, checks: [{ text: 'Offers' }], allowErrors: true } });
    expect(checked.structuredContent).toMatchObject({ passed: true });
    expect((checked.content as readonly { type: string; mimeType?: string }[]).filter(({ type }) => type === 'image')).toMatchObject([{ mimeType: 'image/png' }]);
    const run = opened._meta?.['infrastructure-assassin/run'] as string;
    expect(pidsOf(await line.events(run)).filter(isRunning)).toEqual([]);
  });
});

it('serves two programs at once on one store', async () => {
  using line = new CommandLine({ '.assassin/chains/id.ts': chain('return { given: input.n };') });
  await using first = await connected(over(line), 'auto');
  await using second = await connected(over(line), 'legacy');
  const results = await Promise.all([1, 2, 3, 4].map((n) => (n % 2 === 0 ? first : second).callTool({ name: 'chain_id', arguments: { n } })));
  expect(results.map(({ structuredContent }) => structuredContent)).toEqual([1, 2, 3, 4].map((given) => ({ given })));
});

it('cancels what goes on, tasks as well, and ends when its input closes', async () => {
  using line = new CommandLine();
  const { child, ask } = serving(line);
  await ask('initialize', initialize);
  const forEver = { name: 'run_code', arguments: { code: 'export default () => new Promise((done) => setTimeout(done, 60_000))' } };
  expect(JSON.parse(await ask('tools/call', { ...forEver, task: {} }))).toMatchObject({ result: { task: { status: 'working' } } });
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: forEver })}\n`);
  const list = async () => (await line.json<{ readonly items: readonly { readonly state: string }[] }>(['runs', 'list'])).document.items;
  await expect.poll(list, { timeout: 20_000, interval: 200 }).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  child.stdin.end();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await list()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
});

it('says nothing on its output but messages of the protocol', async () => {
  using line = new CommandLine({ '.vscode/mcp.json': '{ broken' });
  const { child, ask } = serving(line);
  const first = await ask('initialize', initialize);
  expect(JSON.parse(first)).toMatchObject({ jsonrpc: '2.0', id: 1, result: { serverInfo: { name: 'infrastructure-assassin' } } });
  child.stdin.end();
  await once(child, 'exit');
});

it('refuses wrong flags at once', async () => {
  using line = new CommandLine();
  expect(await line.run(['mcp', 'serve', '--port', '80'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--http') as string });
  expect(await line.run(['mcp', 'serve', '--allow', 'nonsense'])).toMatchObject({ code: 2, stdout: '' });
  expect(await line.run(['mcp', 'serve', '--http'], { ASSASSIN_TOKEN: 'short' })).toMatchObject({ code: 2, stderr: expect.stringContaining('too short') as string });
});

it('serves on HTTP with the token of the environment until it is interrupted', async () => {
  using line = new CommandLine();
  const token = 'a-token-of-this-test-0123456789';
  const { child, finished, seen } = line.start(['mcp', 'serve', '--http', '--json'], { ASSASSIN_TOKEN: token });
  await seen('"serving"');
  child.kill('SIGTERM');
  const { stdout, code } = await finished;
  const { url } = JSON.parse(stdout.split('\n')[0]!) as { url: string };
  expect(code).toBe(0);
  await expect(connected(overHttp({ url, token }))).rejects.toThrow();
});
