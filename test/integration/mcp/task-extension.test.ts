import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import type { McpHub, McpHubOptions } from '../../../src/mcp/mcp-hub.ts';
import { OpenTasks } from '../../../src/mcp/open-tasks.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { sendWebResponse, webRequest } from '../../../src/serve/http/web-exchange.ts';
import { mcpTaskTools } from '../../../src/tools/mcp-task-tools.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { tasksServer, type TaskState } from '../../fixtures/mcp/modern-tasks.ts';
import { recordedPerson } from '../../helpers/mcp-person.ts';
import { fixture, nodeServer, serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

interface Remote extends AsyncDisposable {
  readonly url: string;
  readonly state: TaskState;
  /** `Mcp-Name` of each request about a task. */
  readonly routed: readonly string[];
  /** Wishes to be told of tasks, in order. */
  readonly wishes: readonly unknown[];
  /** Tells whoever listens of the state of a task. */
  readonly tell: (state: object) => void;
  /** Ends all streams of those who listen. */
  readonly hangUp: () => void;
}

/**
 * The server of tasks on a port of this machine, as its library serves it.
 * @param tells its library agrees to tell of no task: here somebody in front of it does
 */
async function remote({ declared = true, tells = false }: { readonly declared?: boolean; readonly tells?: boolean } = {}): Promise<Remote> {
  const state: TaskState = { asked: [], tasks: new Map() };
  const routed: string[] = [];
  const wishes: unknown[] = [];
  const streams = new Map<string, ServerResponse>();
  const send = (method: string, params: object) => {
    for (const [id, stream] of streams) stream.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method, params: { ...params, _meta: { 'io.modelcontextprotocol/subscriptionId': id } } })}\n\n`);
  };
  const handler = createMcpHandler(() => tasksServer(state, declared), { legacy: 'reject' });
  const http = createServer((request, response) => void (async () => {
    if (String(request.headers['mcp-method']).startsWith('tasks/')) routed.push(String(request.headers['mcp-name']));
    const { request: web, body } = await webRequest(request, response, 'http://127.0.0.1', 1_000_000);
    const parsedBody = JSON.parse(body) as { readonly id: string; readonly method: string; readonly params: { readonly notifications: object } };
    if (parsedBody.method === 'subscriptions/listen') {
      const { notifications } = parsedBody.params;
      wishes.push(notifications);
      if (tells) {
        streams.set(parsedBody.id, response.writeHead(200, { 'content-type': 'text/event-stream' }));
        return send('notifications/subscriptions/acknowledged', { notifications });
      }
    }
    await sendWebResponse(await handler.fetch(web, { parsedBody }), response);
  })());
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, state, routed, wishes,
    tell: (task) => send('notifications/tasks', { createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z', ttlMs: null, ...task }),
    hangUp: () => streams.forEach((stream) => stream.end()),
    [Symbol.asyncDispose]: async () => {
      await handler.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function registry(hub: McpHub): ToolRegistry {
  const tools = new ToolRegistry();
  tools.register(...mcpTaskTools(hub));
  tools.registerSource(new McpToolSource(hub));
  return tools;
}

interface Options {
  readonly hub?: Partial<McpHubOptions>;
  readonly work?: (tools: ToolRegistry, scope: RunScope) => Promise<Json>;
}

function called({ url }: Remote, tool: string, { hub: options = {}, work }: Options = {}): Promise<FinishedRun> {
  return withHub(() => [serverConfig('tasks', { type: 'http', url, headers: {} })], ({ hub }) => withRun(['mcp tasks:*'], (scope) => work?.(registry(hub), scope) ?? registry(hub).call(`mcp.tasks.${tool}`, {}, scope)), options);
}

describe('a call that a server of 2026-07-28 has made a task of', { timeout: 60_000 }, () => {
  it('is waited for, tells how far it is, and gives its result; each request about it names it', async () => {
    await using server = await remote();
    const run = await called(server, 'slow');
    expect(run.result()).toEqual({ sum: 3 });
    expect(run.of('run.progress').map(({ message }) => message)).toContain('tasks.slow: read 1 of 2');
    expect(run.of('run.log').map(({ message }) => message)).toContain('tasks works on slow as the task task-1.');
    expect(server.routed).toEqual(['task-1', 'task-1', 'task-1']);
  });

  it('is one like every other where the server is a process, beside calls that are done at once', async () => {
    await withHub(() => [nodeServer('tasks', fixture('modern-tasks.ts'))], async ({ hub }) => {
      const run = await withRun(['mcp tasks:*'], async (scope) => [await registry(hub).call('mcp.tasks.slow', {}, scope), await registry(hub).call('mcp.tasks.report', {}, scope), await registry(hub).call('mcp.tasks.quick', {}, scope)]);
      expect(run.result()).toEqual([{ sum: 3 }, 'reported', 'quick was done at once']);
    });
  });

  it.each([
    ['fails', 'mcp-tool-failed', 'The disk is full.'], ['refuses', 'mcp-tool-failed', 'Not today.'], ['stopped', 'mcp-tool-failed', 'stopped by its owner'],
    ['wrong', 'mcp-protocol', 'output schema'], ['empty', 'mcp-protocol', 'without a result'],
  ])('that %s ends with %s', async (tool, code, words) => {
    await using server = await remote();
    expect((await called(server, tool)).outcome.error).toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it('asks the person once in the middle of it, however often the question is told again', async () => {
    await using server = await remote();
    const person = recordedPerson({ form: { action: 'accept', content: { which: 'this one' } } });
    const run = await called(server, 'asks', { hub: { person } });
    expect(run.result()).toBe('It is {"first":{"action":"accept","content":{"which":"this one"}}}');
    expect(person.forms).toMatchObject([{ server: 'tasks', message: 'Which one?', run: run.outcome.id }]);
    expect(server.state.asked.filter((method) => method === 'tasks/update')).toHaveLength(1);
  });

  it('may follow a question that was asked before it', async () => {
    await using server = await remote();
    const person = recordedPerson({ form: { action: 'accept', content: { really: 'yes' } } });
    expect((await called(server, 'late', { hub: { person } })).result()).toBe('reported');
    expect(person.forms).toMatchObject([{ message: 'Really?' }]);
  });

  it.each([
    ['asks', 'not-supported', 'which nobody answers here', {}],
    ['wonders', 'not-supported', '"acme/wonder"', { person: recordedPerson() }],
    ['curious', 'mcp-protocol', 'more than 100 questions', { person: recordedPerson() }],
  ])('that %s what nobody can answer ends with %s and is cancelled at the server', async (tool, code, words, hub) => {
    await using server = await remote();
    expect((await called(server, tool, { hub })).outcome.error).toMatchObject({ code, message: expect.stringContaining(words) as string });
    expect(server.state.asked.at(-1)).toBe('tasks/cancel');
  });

  it('is cancelled at the server with its call', async () => {
    await using server = await remote();
    const run = await called(server, 'forever', {
      work: async (tools, scope) => {
        const abort = new AbortController();
        const settled = tools.call('mcp.tasks.forever', {}, scope, undefined, { signal: abort.signal }).then(() => 'done', (error: unknown) => String(Reflect.get(Object(error), 'code')));
        await expect.poll(() => server.state.asked, { timeout: 30_000 }).toContain('tasks/get');
        abort.abort();
        const code = await settled;
        await expect.poll(() => server.state.asked, { timeout: 30_000 }).toContain('tasks/cancel');
        return code;
      },
    });
    expect(run.result()).toBe('cancelled');
  });

  it('that another program had begun gives its result and is not begun again; one that the server has forgotten is forgotten', async () => {
    await using server = await remote();
    const folder = mkdtempSync(join(tmpdir(), 'test-task-extension-'));
    try {
      let kept = '';
      const run = await called(server, 'forever', {
        hub: { tasks: new OpenTasks(folder, folder) },
        work: async (tools, scope) => {
          const abort = new AbortController();
          const call = tools.call('mcp.tasks.forever', {}, scope, undefined, { signal: abort.signal }).catch(() => null);
          await expect.poll(() => server.state.asked, { timeout: 30_000 }).toContain('tasks/get');
          const [file = ''] = readdirSync(folder);
          kept = readFileSync(join(folder, file), 'utf8');
          abort.abort();
          await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toEqual([]);
          return await call;
        },
      });
      expect(run.outcome.state).toBe('done');
      // As a program leaves it that was killed while it waited.
      const id = '00000000-0000-4000-8000-000000000000';
      writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...JSON.parse(kept), workspace: folder, host: undefined }));
      server.state.tasks.set('task-1', { name: 'forever', steps: [{ status: 'completed', result: { content: [{ type: 'text', text: 'done meanwhile' }] } }] });
      const later = (work: Options['work']) => called(server, 'forever', { hub: { tasks: new OpenTasks(folder, folder) }, ...(work === undefined ? {} : { work }) });
      const opened = await later(async (tools, scope) => [await tools.call('tasks.open', {}, scope), await tools.call('tasks.result', { id }, scope)]);
      expect(opened.result()).toMatchObject([[{ id, server: 'tasks', tool: 'forever' }], 'done meanwhile']);
      expect([server.state.tasks.size, readdirSync(folder)]).toEqual([1, []]);
      writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...JSON.parse(kept), workspace: folder, host: undefined, task: 'task-9' }));
      expect((await later((tools, scope) => tools.call('tasks.result', { id }, scope))).outcome.error).toMatchObject({ code: 'mcp-tool-failed', message: expect.stringContaining('No such task') as string });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is told of by a server that has agreed to it: nobody has to ask any more, and each question is put once', async () => {
    await using server = await remote({ tells: true });
    const person = recordedPerson({ form: { action: 'accept', content: { which: 'this one' } } });
    const run = await called(server, 'seldom', {
      hub: { person },
      work: async (tools, scope) => {
        const call = tools.call('mcp.tasks.seldom', {}, scope);
        // What happened before it agreed may have been missed, so it is looked after once more then.
        await expect.poll(() => [server.wishes.length, server.state.asked.length], { timeout: 30_000 }).toEqual([1, 1]);
        server.tell({ taskId: 'another', status: 'completed', result: { content: [{ type: 'text', text: 'of another' }] } });
        server.tell({ taskId: 'task-1', status: 'nonsense' });
        await expect.poll(() => server.state.asked.length, { timeout: 30_000 }).toBe(2);
        server.tell({ taskId: 'task-1', status: 'working', statusMessage: 'half of it' });
        const asks = { method: 'elicitation/create', params: { message: 'Which one?', requestedSchema: { type: 'object', properties: { which: { type: 'string' } } } } };
        for (let i = 0; i < 3; i++) server.tell({ taskId: 'task-1', status: 'input_required', inputRequests: { first: asks } });
        await expect.poll(() => server.state.asked, { timeout: 30_000 }).toContain('tasks/update');
        server.tell({ taskId: 'task-1', status: 'completed', result: { content: [{ type: 'text', text: 'told' }] } });
        return await call;
      },
    });
    expect(run.result()).toBe('told');
    expect(server.wishes).toEqual([{ taskIds: ['task-1'] }]);
    expect(server.state.asked.filter((method) => method === 'tasks/update')).toHaveLength(1);
    expect(person.forms).toHaveLength(1);
  });

  it('is asked after again when the server stops telling of it', async () => {
    await using server = await remote({ tells: true });
    const run = await called(server, 'seldom', {
      work: async (tools, scope) => {
        const call = tools.call('mcp.tasks.seldom', {}, scope);
        await expect.poll(() => [server.wishes.length, server.state.asked.length], { timeout: 30_000 }).toEqual([1, 1]);
        server.state.tasks.get('task-1')!.steps = [{ status: 'completed', result: { content: [{ type: 'text', text: 'asked for' }] } }];
        server.hangUp();
        return await call;
      },
    });
    expect(run.result()).toBe('asked for');
  });

  it('is asked after where the server agrees to tell of nothing, and is not asked to agree for each task', async () => {
    await using server = await remote();
    const run = await called(server, 'slow', { work: async (tools, scope) => [await tools.call('mcp.tasks.slow', {}, scope), await tools.call('mcp.tasks.report', {}, scope)] });
    expect(run.result()).toEqual([{ sum: 3 }, 'reported']);
    expect(server.wishes).toEqual([{ taskIds: ['task-1'] }]);
  });

  it('is refused where the server has not said that it has tasks', async () => {
    await using server = await remote({ declared: false });
    expect((await called(server, 'slow')).outcome.error).toMatchObject({ code: 'mcp-protocol' });
  });
});
