import type { CallToolResult } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import { plainIssues } from '../shared/plain-issue.ts';
import { aboutTask, cancelTask, said, taskFailed, taskState, tell, watched, type TaskCall } from './task-watch.ts';
import { clip } from './tail.ts';

/** Questions that one task may ask: whoever asks without end is not worked for. */
const questionsAtMost = 100;

const task = taskState.extend({
  /** Milliseconds, as the server would like it. */
  pollIntervalMs: z.number().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
  inputRequests: z.record(z.string(), z.unknown()).optional(),
});
type Task = z.infer<typeof task>;

/**
 * A call that the server has made a task of: it is listened to and asked how far it is until its state holds the result, and what it wants to know meanwhile is answered.
 * @param begun what the call was answered with; undefined for a task that was begun earlier, which is only asked after.
 * Throws `mcp-tool-failed` for a task that failed or was cancelled elsewhere, `mcp-protocol` for an answer that is none, and what the library throws.
 */
export async function waitForTask(call: TaskCall, begun: unknown): Promise<CallToolResult> {
  const first = begun === undefined ? undefined : task.safeParse(begun);
  if (first?.success === false) throw odd(call, 'is a task without what a task has', plainIssues(first.error));
  const taskId = first?.data.taskId ?? call.record?.known ?? '';
  return watched(call, taskId, () => outcome(call, taskId, first?.data));
}

async function outcome(call: TaskCall, taskId: string, first: Task | undefined): Promise<CallToolResult> {
  const look = () => aboutTask(call, 'tasks/get', { taskId }, task);
  const answered = new Set<string>();
  using ear = call.notices.listen(taskId, call.signal, call.silenceMs);
  // The first answer holds no result and no question, whatever it says of how far the task is.
  let current = first?.status === 'working' ? first : await look();
  for (;;) {
    tell(call, current);
    switch (current.status) {
      case 'completed':
        return resultIn(call, current.result);
      case 'failed':
        throw taskFailed(call, `The task failed${said(current.error?.message ?? current.statusMessage)}`);
      case 'cancelled':
        throw taskFailed(call, `The task was cancelled at the server${said(current.statusMessage)}`);
      case 'input_required':
        await answerAll(call, current, answered);
        break;
      case 'working':
    }
    const told = task.safeParse(await ear.next(current.pollIntervalMs));
    if (told.success) call.touch();
    current = told.success ? told.data : await look();
  }
}

/** Each question once: it is told again until the server has taken the answer. Where one cannot be answered, the task would wait for ever, and is cancelled. */
async function answerAll(call: TaskCall, { taskId, inputRequests = {} }: Task, answered: Set<string>): Promise<void> {
  const open = Object.entries(inputRequests).filter(([key]) => !answered.has(key));
  if (open.length === 0) return;
  try {
    if (answered.size + open.length > questionsAtMost) throw odd(call, `is a task with more than ${questionsAtMost} questions`);
    const inputResponses = Object.fromEntries(await Promise.all(open.map(async ([key, request]) => [key, await call.answer(request, call.signal)])));
    for (const [key] of open) answered.add(key);
    await aboutTask(call, 'tasks/update', { taskId, inputResponses }, z.looseObject({}));
  } catch (error) {
    if (!call.signal.aborted) await cancelTask(call, taskId);
    throw error;
  }
}

function resultIn(call: TaskCall, result: unknown): CallToolResult {
  // An empty object would pass for a result without any parts.
  const checked = result === undefined ? undefined : call.sdk.specTypeSchemas.CallToolResult['~standard'].validate(result);
  if (checked === undefined || checked.issues !== undefined) throw odd(call, 'is a task that is done without a result', checked?.issues?.[0]?.message);
  return checked.value;
}

function odd({ server, tool }: TaskCall, what: string, detail?: string): AssassinError {
  return new AssassinError('mcp-protocol', `The answer of ${server} to ${tool} ${what}${detail === undefined ? '' : `: ${clip(detail, 300)}`}.`, { hint: 'Report it to the author of the server.', data: { server, tool } });
}
