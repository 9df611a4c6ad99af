import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { noTimeout } from './call-options.ts';
import type { McpTool } from './mcp-tool.ts';
import { aboutTask, said, taskFailed, taskState, tell, totalTaskMs, watched, type TaskCall } from './task-watch.ts';

/** Milliseconds, as the server would like it. */
const task = taskState.extend({ pollInterval: z.number().optional() });
const created = z.looseObject({ task });
type Task = z.infer<typeof task>;

/** Whether a tool can only be called as a task of 2025-11-25, and the server takes tasks. Where it is a choice, an ordinary call is quicker and tells of its progress too. */
export function isTaskCall(client: Client, tool: McpTool | undefined): tool is McpTool {
  return tool?.taskSupport === 'required' && client.getProtocolEra() === 'legacy' && client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
}

/**
 * A call that the server works on by itself: it is asked how far it is until it is done, and then for the result. What it asks meanwhile comes as from any
 * other call. One that was begun earlier is only asked after. Throws `mcp-tool-failed` for a task that failed or was cancelled elsewhere, and what the library throws.
 */
export async function callAsTask(call: TaskCall): Promise<CallToolResult> {
  const known = call.record?.known;
  const first = known === undefined ? (await begin(call)).task : undefined;
  const taskId = first?.taskId ?? known!;
  return watched(call, taskId, async () => outcome(call, first ?? await look(call, taskId)));
}

function begin({ client, tool, args, signal }: TaskCall): Promise<z.infer<typeof created>> {
  return client.request({ method: 'tools/call', params: { name: tool, arguments: { ...args }, task: { ttl: totalTaskMs } } }, created, { signal, ...noTimeout });
}

async function outcome(call: TaskCall, first: Task): Promise<CallToolResult> {
  const { client, sdk, signal } = call;
  const resultOf = () => client.request({ method: 'tasks/result', params: { taskId: first.taskId } }, sdk.specTypeSchemas.CallToolResult, { signal, ...noTimeout });
  // Its notices only make it quicker: a server need not send any, so that it is asked as often as it likes all the same.
  using ear = call.notices.listen(first.taskId, signal, call.silenceMs);
  let current = first;
  let asked: Promise<CallToolResult> | undefined;
  for (;;) {
    tell(call, current);
    if (current.status === 'cancelled') throw taskFailed(call, `The task was cancelled at the server${said(current.statusMessage)}`);
    if (current.status === 'failed' || current.status === 'completed') return await (asked ?? resultOf());
    // Its questions come along with the answer to this one, says the protocol: whoever only looks after the task is never asked.
    if (current.status === 'input_required' && asked === undefined) (asked = resultOf()).catch(() => undefined);
    const told = task.safeParse(await Promise.race([ear.next(current.pollInterval), ...(asked === undefined ? [] : [asked.then(() => undefined)])]));
    if (told.success) call.touch();
    current = told.success ? told.data : await look(call, first.taskId);
  }
}

function look(call: TaskCall, taskId: string): Promise<Task> {
  return aboutTask(call, 'tasks/get', { taskId }, task);
}
