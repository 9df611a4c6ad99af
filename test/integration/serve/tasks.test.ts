import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as LibraryClient, specTypeSchemas, type Client, type JSONRPCResponse } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { TaskLimits } from '../../../src/serve/tasks/served-tasks.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { serverConfig, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { connected, overHttp, textsOf } from './client.ts';
import { serving, type Serving } from './serving.ts';

const chain = (meta: string, body: string) => `import { progress, workspace } from 'assassin';\nexport const meta = { description: 'Waits', ${meta} };\nexport default async function (input: { until?: string }) {\n${body}\n}`;
/** Goes on until a file is there. */
const wait = "for (let i = 0; ; i++) { progress('Round ' + i); if (await workspace.exists('go-on.txt')) break; await new Promise((resolve) => setTimeout(resolve, 50)); }";
const files = {
  '.assassin/chains/long.ts': chain("grants: ['fs.read go-on.txt'], output: { type: 'object', properties: { rounds: { type: 'string' } }, required: ['rounds'] }", `${wait}\nreturn { rounds: 'enough' };`),
  '.assassin/chains/fails.ts': chain("grants: ['fs.read go-on.txt']", `${wait}\nthrow new Error('It did not work.');`),
  '.assassin/chains/quick.ts': chain('', 'return { at: "once" };'),
};

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

interface Served extends Serving {
  /** Lets the chains that wait go on to their end. */
  readonly goOn: () => void;
}

async function served(limits: TaskLimits = { afterMs: 50 }): Promise<Served> {
  const open = await serving(sandbox, files, { limits });
  return { ...open, goOn: () => writeFileSync(join(open.test.workspace, 'go-on.txt'), '') };
}

const states = (open: Served) => open.test.runtime.store.runs({ workspace: open.test.workspace, limit: 10 }).items.map(({ state }) => state);
const task = z.looseObject({ taskId: z.string(), status: z.string(), statusMessage: z.string().optional() });
type Task = z.infer<typeof task>;

/** Asks until the task has this state. */
async function until(look: () => Promise<Task>, status: string): Promise<Task> {
  for (;;) {
    const state = await look();
    if (state.status === status) return state;
    if (['completed', 'failed', 'cancelled'].includes(state.status)) throw new Error(`The task is ${state.status} and not ${status}.`);
    await sleep(30);
  }
}

describe('calls as tasks, for the official client of 2025-11-25', { timeout: 60_000 }, () => {
  const begin = async (client: Client, name: string, wish: object = {}) => (await client.request({ method: 'tools/call', params: { name, arguments: {}, task: wish } }, z.looseObject({ task }))).task;
  const look = (client: Client, { taskId }: Task) => () => client.request({ method: 'tasks/get', params: { taskId } }, task);
  const resultOf = (client: Client, { taskId }: Task) => client.request({ method: 'tasks/result', params: { taskId } }, specTypeSchemas.CallToolResult);

  it('are offered for each tool, made where one is wished for, told of, and give their result', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), 'legacy');
    expect(client.getServerCapabilities()?.tasks).toMatchObject({ cancel: {}, list: {}, requests: { tools: { call: {} } } });
    expect((await client.listTools()).tools.map(({ execution }) => execution?.taskSupport)).toEqual(expect.not.arrayContaining([undefined]));
    const begun = await begin(client, 'chain_long', { ttl: 120_000 });
    expect(begun).toMatchObject({ status: 'working', ttl: null, pollInterval: 1000 });
    await expect.poll(async () => (await look(client, begun)()).statusMessage, { timeout: 30_000 }).toMatch(/Round \d|workspace/);
    expect((await client.request({ method: 'tasks/list', params: {} }, z.looseObject({ tasks: z.array(task) }))).tasks.map(({ taskId }) => taskId)).toEqual([begun.taskId]);
    const result = resultOf(client, begun);
    open.goOn();
    expect(await result).toMatchObject({ structuredContent: { rounds: 'enough' }, _meta: { 'io.modelcontextprotocol/related-task': { taskId: begun.taskId } } });
    const ended = await look(client, begun)();
    expect(ended).toMatchObject({ status: 'completed' });
    expect(ended['ttl']).toBeGreaterThanOrEqual(120_000);
  });

  it('are failed where the result is an error, which is still given', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), 'legacy');
    const begun = await begin(client, 'chain_fails');
    open.goOn();
    await until(look(client, begun), 'failed');
    const result = await resultOf(client, begun);
    expect([result.isError, textsOf(result)[0]]).toEqual([true, expect.stringContaining('It did not work.')]);
  });

  it('are cancelled with their run, once', async () => {
    await using open = await served();
    await using client = await connected(overHttp(open.service), 'legacy');
    const begun = await begin(client, 'chain_long');
    await expect.poll(() => states(open), { timeout: 30_000 }).toEqual(['running']);
    const cancel = () => client.request({ method: 'tasks/cancel', params: { taskId: begun.taskId } }, task);
    expect(await cancel()).toMatchObject({ status: 'cancelled' });
    const result = await resultOf(client, begun);
    expect([result.isError, states(open)]).toEqual([true, ['cancelled']]);
    await expect(cancel()).rejects.toThrow(/ended already/);
    expect(await look(client, begun)()).toMatchObject({ status: 'cancelled' });
  });

  it('go on when the session of their client ends, and are there for its next one; not known are others', async () => {
    await using open = await served();
    const first = await connected(overHttp(open.service), 'legacy');
    const begun = await begin(first, 'chain_long');
    await first.close();
    await using client = await connected(overHttp(open.service), 'legacy');
    open.goOn();
    await until(look(client, begun), 'completed');
    expect(await resultOf(client, begun)).toMatchObject({ structuredContent: { rounds: 'enough' } });
    await expect(look(client, { taskId: 'another', status: '' })()).rejects.toMatchObject({ code: -32_602 });
  });

  it('are no more than fit, are not made without a wish, and not of a wish that is none', async () => {
    await using open = await served({ working: 1 });
    await using client = await connected(overHttp(open.service), 'legacy');
    await begin(client, 'chain_long');
    await expect(begin(client, 'chain_long')).rejects.toThrow(/Too many tasks/);
    expect((await client.callTool({ name: 'chain_quick', arguments: {} })).structuredContent).toEqual({ at: 'once' });
    await expect(begin(client, 'chain_quick', { ttl: 'long' })).rejects.toMatchObject({ code: -32_602 });
  });

  it('end with the server', async () => {
    const open = await served();
    const client = await connected(overHttp(open.service), 'legacy');
    await begin(client, 'chain_long');
    const { runtime } = open.test;
    await expect.poll(() => runtime.runs.live.length, { timeout: 30_000 }).toBe(1);
    const [run] = runtime.runs.live;
    await open.service[Symbol.asyncDispose]();
    expect((await run!.outcome).state).toBe('cancelled');
    await client.close();
    await open[Symbol.asyncDispose]();
  });
});

/** The official client, which does not know tasks of 2026-07-28, told by its capabilities that it does. */
class Knowing extends LibraryClient {
  constructor(knows = true) {
    super({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' }, capabilities: knows ? { extensions: { 'io.modelcontextprotocol/tasks': {} } } : {} });
  }

  protected override _onresponse(response: JSONRPCResponse): void {
    super._onresponse('result' in response && response.result['resultType'] === 'task' ? { ...response, result: { ...response.result, resultType: 'complete', wasTask: true, content: [] } } : response);
  }
}

describe('calls as tasks, for the official client of 2026-07-28', { timeout: 60_000 }, () => {
  async function knowing({ service }: Served, knows = true): Promise<Client & AsyncDisposable> {
    const client = new Knowing(knows);
    await client.connect(overHttp(service));
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
  }
  const call = (client: Client, name: string) => client.request({ method: 'tools/call', params: { name, arguments: {} } }, z.looseObject({}));
  const begin = async (client: Client, name: string) => {
    const answer = await call(client, name);
    expect(answer).toMatchObject({ wasTask: true, status: 'working', ttlMs: null, pollIntervalMs: 1000 });
    return task.parse(answer);
  };
  const look = (client: Client, { taskId }: Pick<Task, 'taskId'>) => () => client.request({ method: 'tasks/get', params: { taskId } }, task);

  it('are not made of what is done at once', async () => {
    await using open = await served({ afterMs: 50_000 });
    await using client = await knowing(open);
    expect(await call(client, 'chain_quick')).toMatchObject({ structuredContent: { at: 'once' } });
  });

  it('are made of what lasts, told of, and give their result', async () => {
    await using open = await served();
    await using client = await knowing(open);
    expect(client.getServerCapabilities()?.extensions).toEqual({ 'io.modelcontextprotocol/tasks': {} });
    expect((await client.listTools()).tools.map(({ execution }) => execution)).toEqual(expect.arrayContaining([undefined]));
    const begun = await begin(client, 'chain_long');
    await expect.poll(async () => (await look(client, begun)()).statusMessage, { timeout: 30_000 }).toMatch(/Round \d|workspace/);
    open.goOn();
    expect(await until(look(client, begun), 'completed')).toMatchObject({ result: { structuredContent: { rounds: 'enough' } }, ttlMs: expect.any(Number) as number });
  });

  it('are done, with the error as their result, where the run fails', async () => {
    await using open = await served();
    await using client = await knowing(open);
    const begun = await begin(client, 'chain_fails');
    open.goOn();
    expect(await until(look(client, begun), 'completed')).toMatchObject({ result: { isError: true } });
  });

  it('are cancelled with their run, as often as it is asked for', async () => {
    await using open = await served();
    await using client = await knowing(open);
    const { taskId } = await begin(client, 'chain_long');
    const { runtime } = open.test;
    await expect.poll(() => runtime.runs.live.length, { timeout: 30_000 }).toBe(1);
    const [run] = runtime.runs.live;
    for (const method of ['tasks/cancel', 'tasks/cancel', 'tasks/update']) await client.request({ method, params: { taskId, inputResponses: {} } }, z.looseObject({}));
    expect((await run!.outcome).state).toBe('cancelled');
    expect(await look(client, { taskId })()).toMatchObject({ status: 'cancelled' });
  });

  it('are forgotten when their time is over', async () => {
    await using open = await served({ afterMs: 0, keepMs: 40 });
    await using client = await knowing(open);
    const begun = await begin(client, 'chain_long');
    open.goOn();
    await expect.poll(() => look(client, begun)().then(() => 'kept', (error: unknown) => String(error)), { timeout: 30_000 }).toMatch(/no such task/);
  });

  it('are calls as ever for a client that does not know tasks, or where no more fit; and whoever does not know them is told of none', async () => {
    await using open = await served({ afterMs: 0, working: 1 });
    await using client = await knowing(open);
    await using plain = await knowing(open, false);
    const begun = await begin(client, 'chain_long');
    const others = Promise.all([call(client, 'chain_long'), plain.callTool({ name: 'chain_long', arguments: {} })]);
    others.catch(() => undefined);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      await expect(plain.request({ method, params: { taskId: begun.taskId, inputResponses: {} } }, z.looseObject({}))).rejects.toMatchObject({ code: -32_021, data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } } });
    }
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) await expect(client.request({ method, params: { taskId: 'another', inputResponses: {} } }, z.looseObject({}))).rejects.toMatchObject({ code: -32_602 });
    open.goOn();
    expect((await others).map(({ structuredContent }) => structuredContent)).toEqual([{ rounds: 'enough' }, { rounds: 'enough' }]);
  });

  it('are waited for by our own client like any other call', async () => {
    await using open = await served();
    const { url, token } = open.service;
    await withHub(() => [serverConfig('own', { type: 'http', url, headers: { Authorization: `Bearer ${token}` } })], async ({ hub }) => {
      const registry = new ToolRegistry();
      registry.registerSource(new McpToolSource(hub));
      const run = await withRun(['mcp own:*'], async (scope) => {
        const done = registry.call('mcp.own.chain_long', {}, scope);
        await expect.poll(() => states(open), { timeout: 30_000 }).toEqual(['running']);
        open.goOn();
        return done;
      });
      expect(run.result()).toEqual({ rounds: 'enough' });
    });
  });
});
