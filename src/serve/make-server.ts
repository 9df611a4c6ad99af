import type * as library from '@modelcontextprotocol/server';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { readRun, runResources, runTemplate } from './run-resources.ts';
import type { ServedTool, StartOptions, UseRuntime } from './served-tool.ts';
import type { ServedTasks } from './tasks/served-tasks.ts';
import { addTaskMethods, answerCall, taskCapabilities } from './tasks/task-methods.ts';
import { taskServer } from './tasks/task-server.ts';

export interface ServedOptions {
  readonly use: UseRuntime;
  readonly version: string;
  /** What each run is granted, and how it is limited. */
  readonly start: StartOptions;
  readonly tools: () => Promise<readonly ServedTool[]>;
  readonly tasks: ServedTasks;
}

const instructions = [
  'Runs code, pages, saved chains and tools of MCP servers with throwaway resources. Each call is a run of its own: it gets what it is granted, is recorded, and everything that it created is destroyed at its end.',
  'A call that is denied says what it lacks; a person grants it where this server was started, or allows it when asked. Thousands of tools may be connected: find them with search_tools, call them with call_tool.',
].join(' ');

/** One instance of the protocol for one connection, or for one request where the protocol has no connections. */
export function makeServer(parts: typeof library, era: library.ProtocolEra, { use, version, start, tools, tasks }: ServedOptions): library.Server {
  const { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } = parts;
  const server = new (taskServer(parts))({ name: 'infrastructure-assassin', title: 'Infrastructure Assassin', version }, { capabilities: { tools: { listChanged: true }, resources: {}, ...taskCapabilities(era) }, instructions });
  server.setRequestHandler('tools/list', async () => ({ tools: (await tools()).map((tool) => listing(tool, era)) }));
  server.setRequestHandler('tools/call', async ({ params }, context: library.ServerContext) => {
    const tool = (await tools()).find(({ name }) => name === params.name);
    if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name.slice(0, 200)}.`);
    // What came over the wire is JSON.
    const input = (params.arguments ?? {}) as JsonObject;
    return answerCall(server, parts, { use, tasks, tool, input, start, context }, era === 'legacy' ? params.task : undefined);
  });
  addTaskMethods(server, parts, tasks, era);
  server.setRequestHandler('resources/list', () => use(async (runtime) => ({ resources: [...runResources(runtime)] })));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [runTemplate] }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => use(async (runtime) => {
    try {
      return { contents: [{ uri, mimeType: 'application/json', text: readRun(runtime, uri) }] };
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'run-not-found') throw new ResourceNotFoundError(uri);
      throw error;
    }
  }));
  return server;
}

function listing({ name, title, description, inputSchema, outputSchema, effects: { readOnly, openWorld } }: ServedTool, era: library.ProtocolEra) {
  return {
    name, title, description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    ...(outputSchema === undefined ? {} : { outputSchema: { ...outputSchema, type: 'object' as const } }),
    // From 2026-07-28 on it is the server that decides.
    ...(era === 'legacy' ? { execution: { taskSupport: 'optional' as const } } : {}),
    annotations: { title, readOnlyHint: readOnly, openWorldHint: openWorld },
  };
}
