import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTasksChecks } from '../../../src/doctor/runtime-checks.ts';
import { OpenTasks } from '../../../src/mcp/open-tasks.ts';
import type { Json } from '../../../src/shared/json.ts';
import { mcpTaskTools } from '../../../src/tools/mcp-task-tools.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { fixture, serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

interface RemoteTasks extends AsyncDisposable {
  readonly url: string;
  /** Methods that it was asked, in order. */
  readonly asked: readonly string[];
  /** What it says of the task. */
  status: string;
  /** Settles at the next question for this method. */
  next(method: string): Promise<void>;
}

/** A remote server of 2025-11-25 with one tool that is a task, which outlives whoever asked for it. */
async function remoteTasks(): Promise<RemoteTasks> {
  const asked: string[] = [];
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const state = { status: 'working' };
  const task = () => ({ taskId: 'T-1', status: state.status, ttl: null, pollInterval: 50, createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' });
  const results: Readonly<Record<string, () => object>> = {
    initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } }, serverInfo: { name: 'remote', version: '1' } }),
    'tools/list': () => ({ tools: [{ name: 'report', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } }] }),
    'tools/call': () => ({ task: task() }), 'tasks/get': task, 'tasks/cancel': () => ({ ...task(), status: 'cancelled' }), 'tasks/result': () => ({ content: [{ type: 'text', text: 'reported' }] }),
  };
  const http = createServer((request, response) => void (async () => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = JSON.parse(await text(request)) as { readonly id?: number; readonly method: string };
    asked.push(method);
    if (id === undefined) return response.writeHead(202).end();
    const result = state.status === 'forgotten' && method === 'tasks/get' ? undefined : results[method]?.();
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -32602, message: 'No such task' } } : { result }) }));
    waiting.get(method)?.resolve();
    waiting.delete(method);
    return undefined;
  })());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, asked,
    next: (method: string) => {
      const settled = waiting.get(method) ?? Promise.withResolvers<void>();
      waiting.set(method, settled);
      return settled.promise;
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
}

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'test-tasks-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A host with a run that has such a call, killed as soon as the server was asked how far it is. */
async function killed(server: RemoteTasks): Promise<void> {
  const asked = server.next('tasks/get');
  const host = spawn(process.execPath, [fixture('killed-task-host.ts'), folder, server.url], { stdio: 'ignore' });
  const ended = once(host, 'exit');
  await Promise.race([asked, ended.then(() => Promise.reject(new Error('The host ended by itself.')))]);
  host.kill('SIGKILL');
  await ended;
}

/** A call in the next program, which finds the same folder. */
function next(url: string, tool: string, input: (tasks: OpenTasks) => Promise<Json>, grants = ['mcp tasks:report']) {
  const tasks = new OpenTasks(join(folder, 'mcp-tasks'), folder);
  return withHub(() => [serverConfig('tasks', { type: 'http', url, headers: {} })], async ({ hub }) => {
    const tools = new ToolRegistry();
    tools.register(...mcpTaskTools(hub));
    tools.registerSource(new McpToolSource(hub));
    return withRun(grants, async (scope) => tools.call(tool, await input(tasks), scope));
  }, { tasks });
}

const open = async (tasks: OpenTasks): Promise<Json> => ({ id: (await tasks.list())[0]?.id ?? 'none' });
const nothing = () => Promise.resolve({});

describe('a task of an MCP server whose host was killed', { timeout: 60_000 }, () => {
  it('is still known, and its result comes without the call being made again', async () => {
    await using server = await remoteTasks();
    await killed(server);
    const [check, ...others] = await openTasksChecks({ tasks: new OpenTasks(join(folder, 'mcp-tasks'), folder) });
    expect([check, others]).toMatchObject([{ status: 'warn', detail: expect.stringMatching(/^tasks\.report of run_/) as string, fix: expect.stringContaining('mcp task ') as string }, []]);
    expect((await next(server.url, 'tasks.open', nothing)).result()).toMatchObject([{ server: 'tasks', tool: 'report', run: expect.stringMatching(/^run_/) as string }]);
    server.status = 'completed';
    const run = await next(server.url, 'tasks.result', open);
    expect(run.result()).toBe('reported');
    expect(run.of('run.log').map(({ message }) => message)).toContain('tasks works on report as the task T-1.');
    expect(server.asked.filter((method) => method === 'tools/call')).toHaveLength(1);
    expect((await next(server.url, 'tasks.open', nothing)).result()).toEqual([]);
    expect(readdirSync(join(folder, 'mcp-tasks'))).toEqual([]);
  });

  it('is asked of the same server only, by a run that may call the tool', async () => {
    await using server = await remoteTasks();
    await killed(server);
    await using other = await remoteTasks();
    expect((await next(other.url, 'tasks.result', open)).outcome.error).toMatchObject({ code: 'denied' });
    expect(other.asked).not.toContain('tasks/get');
    const before = server.asked.length;
    expect((await next(server.url, 'tasks.result', open, ['mcp tasks:other'])).outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('mcp tasks:report') as string });
    expect(server.asked).toHaveLength(before);
    expect((await next(server.url, 'tasks.open', nothing)).result()).toHaveLength(1);
  });

  it('that the server has forgotten is forgotten here, and what is no task is said to be none', async () => {
    await using server = await remoteTasks();
    await killed(server);
    server.status = 'forgotten';
    expect((await next(server.url, 'tasks.result', open)).outcome.error).toMatchObject({ code: 'mcp-tool-failed', message: expect.stringContaining('No such task') as string });
    expect((await next(server.url, 'tasks.result', open)).outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('none') as string });
  });
});

it('a call that ends leaves no task behind, whether it went well or was cancelled', async () => {
  await using server = await remoteTasks();
  server.status = 'completed';
  expect((await next(server.url, 'mcp.tasks.report', nothing)).result()).toBe('reported');
  expect(readdirSync(join(folder, 'mcp-tasks'))).toEqual([]);
  server.status = 'working';
  const cancelled = server.next('tasks/cancel');
  const tasks = new OpenTasks(join(folder, 'mcp-tasks'), folder);
  await withHub(() => [serverConfig('tasks', { type: 'http', url: server.url, headers: {} })], async ({ hub }) => {
    await hub.start('tasks');
    const tools = new ToolRegistry();
    tools.registerSource(new McpToolSource(hub));
    await withRun(['mcp tasks:*'], async (scope) => {
      const abort = new AbortController();
      const asked = server.next('tasks/get');
      const call = tools.call('mcp.tasks.report', {}, scope, undefined, { signal: abort.signal }).catch(() => null);
      await asked;
      expect(await tasks.list()).toEqual([]);
      expect(readdirSync(join(folder, 'mcp-tasks'))).toHaveLength(1);
      abort.abort();
      return await call;
    });
    await cancelled;
    await expect.poll(() => readdirSync(join(folder, 'mcp-tasks')), { timeout: 20_000 }).toEqual([]);
  }, { tasks });
});
