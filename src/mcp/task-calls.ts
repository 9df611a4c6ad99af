import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { noTimeout } from './call-options.ts';
import type { McpTool } from './mcp-tool.ts';
import type { TaskRecord } from './open-tasks.ts';
import { loadValidator, type Sdk } from './sdk.ts';
import { clip } from './tail.ts';

const task = z.looseObject({
  taskId: z.string().min(1).max(1000),
  status: z.enum(['working', 'input_required', 'completed', 'failed', 'cancelled']),
  statusMessage: z.string().optional(),
  /** Milliseconds, as the server would like it. */
  pollInterval: z.number().optional(),
});
const created = z.looseObject({ task });
type Task = z.infer<typeof task>;

/** A task may take so long where its server's entry says nothing else, milliseconds; the server is asked to keep it that long. */
export const totalTaskMs = 60 * 60_000;
const [shortestPoll, usualPoll, longestPoll] = [50, 1000, 30_000];
/** Polls that may fail one after the other: the task goes on at the server while a connection is gone for a moment. */
const failuresAtMost = 3;
/** So long it is listened whether a task was cancelled; its call does not wait for it. */
const cancelMs = 10_000;

export interface TaskCall {
  readonly sdk: Sdk;
  readonly client: Client;
  readonly server: string;
  readonly tool: McpTool;
  readonly args: JsonObject;
  readonly signal: AbortSignal;
  /** A sign of life. */
  readonly touch: () => void;
  readonly onProgress?: ((message: string | undefined, fraction: number | undefined) => void) | undefined;
  /** The server has taken it on, under this id. */
  readonly started: (id: string) => void;
  /** Where its id is kept, and which one it has already. */
  readonly record?: TaskRecord | undefined;
}

/** Whether a tool can only be called as a task, and the server takes tasks. Where it is a choice, an ordinary call is quicker and tells of its progress too. */
export function isTaskCall(client: Client, tool: McpTool | undefined): tool is McpTool {
  return tool?.taskSupport === 'required' && client.getProtocolEra() === 'legacy' && client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
}

/**
 * A call that the server works on by itself: it is asked how far it is until it is done, and then for the result. Cancelled with the signal. What it asks
 * meanwhile comes as from any other call. One that was begun earlier is only asked after. Throws `mcp-tool-failed` for a task that failed or was cancelled elsewhere, and what the library throws.
 */
export async function callAsTask(call: TaskCall): Promise<CallToolResult> {
  const { client, sdk, tool, signal, started, record } = call;
  const { task: first } = record?.known === undefined ? await begin(call) : { task: { taskId: record.known, status: 'working' as const } };
  record?.began(first.taskId);
  started(first.taskId);
  try {
    const result = await outcome(call, record?.known === undefined ? first : await look(call, first.taskId));
    record?.ended();
    await checkStructure(tool, result);
    return result;
  } catch (error) {
    // A server that is only out of reach goes on with it: then it stays on record.
    if (signal.aborted) void cancel(client, first.taskId).then((is) => is && record?.ended());
    else if (error instanceof sdk.ProtocolError || AssassinError.isInstance(error)) record?.ended();
    throw error;
  }
}

function begin({ client, tool, args, signal }: TaskCall): Promise<z.infer<typeof created>> {
  return client.request({ method: 'tools/call', params: { name: tool.name, arguments: { ...args }, task: { ttl: totalTaskMs } } }, created, { signal, ...noTimeout });
}

async function outcome(call: TaskCall, first: Task): Promise<CallToolResult> {
  const { client, sdk, signal } = call;
  const resultOf = () => client.request({ method: 'tasks/result', params: { taskId: first.taskId } }, sdk.specTypeSchemas.CallToolResult, { signal, ...noTimeout });
  let current = first;
  let asked: Promise<CallToolResult> | undefined;
  for (;;) {
    tell(call, current);
    if (current.status === 'cancelled') throw failed(call, `The task was cancelled at the server${said(current)}`);
    if (current.status === 'failed' || current.status === 'completed') return await (asked ?? resultOf());
    // Its questions come along with the answer to this one, says the protocol: whoever only looks after the task is never asked.
    if (current.status === 'input_required' && asked === undefined) (asked = resultOf()).catch(() => undefined);
    await Promise.race([sleep(Math.min(longestPoll, Math.max(shortestPoll, current.pollInterval ?? usualPoll)), undefined, { signal }), ...(asked === undefined ? [] : [asked])]);
    current = await look(call, first.taskId);
  }
}

async function look({ client, sdk, signal, touch }: TaskCall, taskId: string): Promise<Task> {
  for (let failures = 1; ; failures++) {
    try {
      const now = await client.request({ method: 'tasks/get', params: { taskId } }, task, { signal, ...noTimeout });
      touch();
      return now;
    } catch (error) {
      if (signal.aborted || error instanceof sdk.ProtocolError || client.transport === undefined || failures === failuresAtMost) throw error;
      await sleep(usualPoll, undefined, { signal });
    }
  }
}

function tell({ onProgress }: TaskCall, { status, statusMessage }: Task): void {
  onProgress?.(statusMessage ?? (status === 'input_required' ? 'waits for an answer' : status), undefined);
}

/** Of a call that is given up there is nothing more to say: whether its task could be cancelled changes nothing for the caller. */
async function cancel(client: Client, taskId: string): Promise<boolean> {
  const request = client.request({ method: 'tasks/cancel', params: { taskId } }, task, { timeout: cancelMs });
  return await request.then(() => true, () => false);
}

/** The library checks the results of ordinary calls only. */
async function checkStructure(tool: McpTool, { structuredContent, isError }: CallToolResult): Promise<void> {
  if (tool.outputSchema === undefined || isError === true) return;
  const checked = (await loadValidator()).getValidator(tool.outputSchema)(structuredContent);
  if (!checked.valid) throw new AssassinError('mcp-protocol', `The result of the task of ${tool.name} is not what its output schema says: ${clip(checked.errorMessage, 500)}`, { hint: 'Report it to the author of the server.' });
}

function failed({ server, tool }: TaskCall, message: string): AssassinError {
  return new AssassinError('mcp-tool-failed', `${server}.${tool.name} failed: ${message}`, { hint: 'The message is the tool\'s own.', data: { server, tool: tool.name } });
}

function said({ statusMessage }: Task): string {
  return statusMessage === undefined ? '.' : `: ${clip(statusMessage, 500)}`;
}
