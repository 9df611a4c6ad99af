import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { McpHub, McpHubOptions } from '../../../src/mcp/mcp-hub.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { recordedPerson } from '../../helpers/mcp-person.ts';
import { everythingScript, fixture, nodeServer, serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

interface Called {
  readonly run: FinishedRun;
  readonly log: readonly string[];
}

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

/** One call of a tool of the server of tasks, in a run. */
function called(tool: string, { args = [], hub: options = {}, work }: { readonly args?: readonly string[]; readonly hub?: Partial<McpHubOptions>; readonly work?: (hub: McpHub, scope: RunScope, log: readonly string[]) => Promise<Json> } = {}): Promise<Called> {
  return withHub(() => [nodeServer('tasks', fixture('tasks.mjs'), args)], async ({ hub, log }) => {
    const run = await withRun(['mcp tasks:*'], (scope) => work?.(hub, scope, log) ?? registry(hub).call(`mcp.tasks.${tool}`, {}, scope));
    return { run, log: [...log] };
  }, options);
}

describe('a tool that is a task', () => {
  it('is waited for, tells how far it is, and gives its result', async () => {
    const { run } = await called('slow');
    expect(run.result()).toEqual({ sum: 3 });
    expect(run.of('run.progress').map(({ message }) => message)).toContain('tasks.slow: read 1 of 2');
    expect(run.of('run.log').map(({ message }) => message)).toContain('tasks works on slow as the task task-1.');
  });

  it.each([
    ['fails', 'mcp-tool-failed', 'The disk is full.'], ['refuses', 'mcp-tool-failed', 'Too many tasks.'], ['stopped', 'mcp-tool-failed', 'stopped by its owner'],
    ['wrong', 'mcp-protocol', 'output schema'], ['lost', 'mcp-disconnected', 'exit code 3'],
  ])('that %s ends with %s', async (tool, code, words) => {
    const { run } = await called(tool);
    expect(run.outcome.error).toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it('is over as soon as its server tells so, which is not asked after it then', async () => {
    // It likes to be asked twice a minute.
    const { run, log } = await called('tells');
    expect(run.result()).toBe('told');
    expect(log.join('\n')).not.toContain('asked after');
  });

  it('is asked after at once where what its server tells of it is no state', async () => {
    const { run, log } = await called('mumbles');
    expect(run.result()).toBe('asked');
    expect(log.join('\n').match(/asked after task-1/g)).toHaveLength(1);
  });

  it('asks the person in the middle of it', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { which: 'this one' } } });
    const { run } = await called('asks', { hub: { person } });
    expect(person.forms).toMatchObject([{ server: 'tasks', message: 'Which one?', run: run.outcome.id }]);
    expect(run.result()).toBe('It is {"action":"accept","content":{"which":"this one"}}');
  });

  it('is cancelled at the server with its call', async () => {
    const { run, log } = await called('forever', {
      work: async (hub, scope, log) => {
        await hub.start('tasks');
        const abort = new AbortController();
        const call = registry(hub).call('mcp.tasks.forever', {}, scope, undefined, { signal: abort.signal });
        const settled = call.then(() => 'done', (error: unknown) => String(Reflect.get(Object(error), 'code')));
        await expect.poll(() => scope.journal.holds('run.progress'), { timeout: 20_000 }).toBe(true);
        abort.abort();
        const code = await settled;
        await expect.poll(() => log.some((line) => line.includes('cancelled task-1')), { timeout: 20_000 }).toBe(true);
        return code;
      },
    });
    expect(run.result()).toBe('cancelled');
    expect(log.filter((line) => line.includes('cancelled task-1'))).toHaveLength(1);
  });

  it('is given up where it takes longer than the entry of its server allows, whatever it tells of itself', async () => {
    const run = await withHub(() => [nodeServer('tasks', fixture('tasks.mjs'), [], { totalTimeoutMs: 1500 })], ({ hub }) => withRun(['mcp tasks:*'], (scope) => registry(hub).call('mcp.tasks.forever', {}, scope)));
    expect(run.outcome.error).toMatchObject({ code: 'timeout', message: expect.stringContaining('was not done') as string });
  });

  it('is looked after again where the connection to its server is gone for a moment', async () => {
    await using server = await remoteTasks();
    const run = await withHub(() => [serverConfig('tasks', { type: 'http', url: server.url, headers: {} })], ({ hub }) => withRun(['mcp tasks:*'], (scope) => registry(hub).call('mcp.tasks.report', {}, scope)));
    expect(run.result()).toBe('reported');
    expect(server.looks).toBe(2);
  });

  it('is called as it is where that is enough, or where the server takes no tasks', async () => {
    expect((await called('optional')).run.result()).toBe('optional was called as it is');
    expect((await called('forever', { args: ['without'] })).run.result()).toBe('forever was called as it is');
  });

  it('of a real server asks, goes on and reports', async () => {
    const person = recordedPerson({ form: { action: 'accept', content: { interpretation: 'snake' } } });
    await withHub(() => [nodeServer('everything', everythingScript)], async ({ hub }) => {
      const run = await withRun(['mcp everything:*'], (scope) => registry(hub).call('mcp.everything.simulate-research-query', { topic: 'python', ambiguous: true }, scope));
      expect(run.result()).toContain('# Research Report: python (snake)');
      expect(run.of('run.progress').map(({ message }) => message).join()).toContain('Gathering sources');
    }, { person });
    expect(person.forms).toMatchObject([{ server: 'everything', fields: [{ type: 'one' }] }]);
  });
});

/** A remote server of 2025-11-25 that hangs up on the first question how far its task is. */
async function remoteTasks(): Promise<AsyncDisposable & { readonly url: string; readonly looks: number }> {
  const task = (status: string) => ({ taskId: 't', status, ttl: null, pollInterval: 50, createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' });
  const seen = { looks: 0 };
  const results: Readonly<Record<string, () => object>> = {
    initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } } } }, serverInfo: { name: 'remote', version: '1' } }),
    'tools/list': () => ({ tools: [{ name: 'report', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } }] }),
    'tools/call': () => ({ task: task('working') }),
    'tasks/get': () => task('completed'),
    'tasks/result': () => ({ content: [{ type: 'text', text: 'reported' }] }),
  };
  const http = createServer((request, response) => void (async () => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = JSON.parse(await text(request)) as { readonly id?: number; readonly method: string };
    if (method === 'tasks/get' && ++seen.looks === 1) return request.socket.destroy();
    if (id === undefined) return response.writeHead(202).end();
    const result = results[method]?.();
    return response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result }) }));
  })());
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    get looks() {
      return seen.looks;
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
