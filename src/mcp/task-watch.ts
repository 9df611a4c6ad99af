import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { noTimeout } from './call-options.ts';
import type { McpTool } from './mcp-tool.ts';
import type { TaskRecord } from './open-tasks.ts';
import type { Answer } from './requests/answer-inside.ts';
import { loadValidator, type Sdk } from './sdk.ts';
import type { TaskNotices } from './task-notices.ts';
import { usualPoll } from './task-pause.ts';
import { clip } from './tail.ts';

export interface TaskCall {
  readonly sdk: Sdk;
  readonly client: Client;
  readonly server: string;
  readonly tool: string;
  /** Absent where the server has told of no such tool. */
  readonly definition: McpTool | undefined;
  readonly args: JsonObject;
  readonly signal: AbortSignal;
  /** A sign of life. */
  readonly touch: () => void;
  /** Longest silence that the call lasts, milliseconds. */
  readonly silenceMs: number;
  readonly notices: TaskNotices;
  readonly onProgress?: ((message: string | undefined, fraction: number | undefined) => void) | undefined;
  /** The server has taken it on, under this id. */
  readonly started: (id: string) => void;
  /** Where its id is kept, and which one it has already. */
  readonly record?: TaskRecord | undefined;
  /** Puts what the server asks in the middle of it to whoever answers such questions. */
  readonly answer: Answer;
}

/** How far a task is, as both revisions say it. */
export const taskState = z.looseObject({
  taskId: z.string().min(1).max(1000),
  status: z.enum(['working', 'input_required', 'completed', 'failed', 'cancelled']),
  statusMessage: z.string().optional(),
});
export type TaskState = z.infer<typeof taskState>;

/** A task may take so long where its server's entry says nothing else, milliseconds; the server is asked to keep it that long. */
export const totalTaskMs = 60 * 60_000;
/** Requests about a task that may fail one after the other: it goes on at the server while a connection is gone for a moment. */
const failuresAtMost = 3;
/** So long it is listened whether a task was cancelled; its call does not wait for it. */
const cancelMs = 10_000;

/**
 * Waits for a task that the server has taken on, with its id on record for as long as its result may still be had. Cancelled with the signal.
 * Throws `mcp-protocol` for a result that does not fit the output schema of its tool, and what the work throws.
 */
export async function watched(call: TaskCall, id: string, work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  const { sdk, definition, signal, started, record } = call;
  record?.began(id);
  started(id);
  try {
    const result = await work();
    record?.ended();
    await checkStructure(definition, result);
    return result;
  } catch (error) {
    // A server that is only out of reach goes on with it: then it stays on record.
    if (signal.aborted) void cancelTask(call, id).then((is) => is && record?.ended());
    else if (error instanceof sdk.ProtocolError || AssassinError.isInstance(error)) record?.ended();
    throw error;
  }
}

/** A request about a task, made again where it was lost on its way: none of them does anything twice. */
export async function aboutTask<T>({ client, sdk, signal, touch }: TaskCall, method: string, params: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      const answer = await client.request({ method, params }, schema, { signal, ...noTimeout });
      touch();
      return answer;
    } catch (error) {
      if (signal.aborted || error instanceof sdk.ProtocolError || client.transport === undefined || failures === failuresAtMost) throw error;
      await sleep(usualPoll, undefined, { signal });
    }
  }
}

export function tell({ onProgress }: TaskCall, { status, statusMessage }: TaskState): void {
  onProgress?.(statusMessage ?? (status === 'input_required' ? 'waits for an answer' : status), undefined);
}

/** Of a call that is given up there is nothing more to say: whether its task could be cancelled changes nothing for the caller. */
export async function cancelTask({ client }: Pick<TaskCall, 'client'>, taskId: string): Promise<boolean> {
  const request = client.request({ method: 'tasks/cancel', params: { taskId } }, z.looseObject({}), { timeout: cancelMs });
  return await request.then(() => true, () => false);
}

export function taskFailed({ server, tool }: Pick<TaskCall, 'server' | 'tool'>, message: string): AssassinError {
  return new AssassinError('mcp-tool-failed', `${server}.${tool} failed: ${message}`, { hint: 'The message is the tool\'s own.', data: { server, tool } });
}

export function said(words: string | undefined): string {
  return words === undefined || words === '' ? '.' : `: ${clip(words, 500)}`;
}

/** The library checks the results of ordinary calls only. */
async function checkStructure(tool: McpTool | undefined, { structuredContent, isError }: CallToolResult): Promise<void> {
  if (tool?.outputSchema === undefined || isError === true) return;
  const checked = (await loadValidator()).getValidator(tool.outputSchema)(structuredContent);
  if (!checked.valid) throw new AssassinError('mcp-protocol', `The result of the task of ${tool.name} is not what its output schema says: ${clip(checked.errorMessage, 500)}`, { hint: 'Report it to the author of the server.' });
}
