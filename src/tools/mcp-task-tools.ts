import * as z from 'zod';
import type { McpHub } from '../mcp/mcp-hub.ts';
import type { OpenTask } from '../mcp/open-tasks.ts';
import { AssassinError } from '../shared/errors.ts';
import { resultOf } from './mcp-result.ts';
import { reporter } from './mcp-tool-source.ts';
import { defineTool, type Tool } from './tool.ts';

/** Throws `invalid-input` where no such call is open, with those that are. */
export async function findOpenTask(hub: McpHub, id: string): Promise<OpenTask> {
  const tasks = await hub.tasks?.list() ?? [];
  const found = tasks.find((task) => task.id === id);
  if (found === undefined) throw new AssassinError('invalid-input', `No MCP task ${id} is open.`, { hint: tasks.length === 0 ? 'None is: each has given its result, or is still waited for.' : `Open are: ${tasks.map((task) => `${task.id} (${task.server}.${task.tool})`).join(', ')}.` });
  return found;
}

/** Calls that MCP servers work on by themselves and that a killed program, or a lost connection, has left without anybody who waits for them. */
export function mcpTaskTools(hub: McpHub): readonly Tool[] {
  return [
    defineTool({
      name: 'tasks.open', title: 'List open MCP tasks', kind: 'mcp', effects: { readOnly: true },
      description: 'Calls that MCP servers still work on, or have finished, after the program that had made them ended.',
      input: z.strictObject({}),
      actions: () => [],
      run: async () => (await hub.tasks?.list() ?? []).map(({ id, server, tool, run, at }) => ({ id, server, tool, run, at: new Date(at).toISOString() })),
    }),
    defineTool({
      name: 'tasks.result', title: 'Get the result of an MCP task', kind: 'mcp', effects: { readOnly: true, openWorld: true, untrustedOutput: true },
      description: 'Waits for a call that an MCP server works on by itself and that an earlier run had made, and gives its result. Nothing is called again.',
      input: z.strictObject({ id: z.string().min(1).max(100).describe('As tasks.open gives it.') }),
      // The right to the call is the right to its result.
      actions: async ({ id }) => {
        const { server, identity, tool } = await findOpenTask(hub, id);
        return [{ kind: 'mcp', server, tool, pins: { server: identity } }];
      },
      run: async ({ id }, { scope, step, signal }) => {
        const open = await findOpenTask(hub, id);
        const { server, tool, identity } = open;
        const running = await hub.acquire(server, scope, step);
        if (running.identity !== identity) throw new AssassinError('denied', `The MCP server ${server} is started or reached otherwise than when it began this task, so that it is not asked for the result.`, { hint: 'Put its entry back as it was, or let the task go.', data: { server, tool } });
        using task = hub.tasks?.take(open);
        if (task === undefined) throw new AssassinError('invalid-input', `Another run waits for the MCP task ${id} already.`, { hint: 'Its result is in that run.' });
        return resultOf(`mcp.${server}.${tool}`, await running.callTool(tool, {}, { signal, step, onProgress: reporter(scope, `${server}.${tool}`), task }), scope.journal);
      },
    }),
  ];
}
