import { setTimeout as sleep } from 'node:timers/promises';
import type * as library from '@modelcontextprotocol/server';
import * as z from 'zod';
import { taskExtension } from '../../mcp/task-capability.ts';
import type { JsonObject } from '../../shared/json.ts';
import { cancelledWith, progressTo, startCall } from '../serve-call.ts';
import type { ServedTool, StartOptions, UseRuntime } from '../served-tool.ts';
import type { ServedTask, ServedTasks } from './served-tasks.ts';
import type { TaskServer } from './task-server.ts';
import { legacyTask, modernTask } from './task-wire.ts';

export interface TaskCallOptions {
  readonly use: UseRuntime;
  readonly tasks: ServedTasks;
  readonly tool: ServedTool;
  readonly input: JsonObject;
  readonly start: StartOptions;
  readonly context: library.ServerContext;
}

/** A client of 2025-11-25 asks for a task with the call. */
const wish = z.looseObject({ ttl: z.number().nonnegative().nullish() });
const declaration = z.looseObject({ extensions: z.looseObject({ [taskExtension]: z.looseObject({}) }) });
const named = { params: z.looseObject({ taskId: z.string() }) };

/** What a server of each era says that it can do with tasks. */
export function taskCapabilities(era: library.ProtocolEra): library.ServerCapabilities {
  return era === 'modern' ? { extensions: { [taskExtension]: {} } } : { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
}

/** One call of a tool: answered with its result, or with a task where the client knows them and it lasts. */
export async function answerCall(server: TaskServer, parts: typeof library, { use, tasks, tool, input, start, context }: TaskCallOptions, wished: unknown): Promise<library.CallToolResult> {
  const { tell, to } = teller(progressTo(context));
  const asked = wished === undefined ? undefined : wish.safeParse(wished);
  const mayBeTask = knowsTasks(parts, context);
  if (asked?.success === false) throw new parts.ProtocolError(parts.ProtocolErrorCode.InvalidParams, 'The wish for a task is not understood: ttl is a number of milliseconds.');
  if (asked !== undefined && !mayBeTask && !tasks.hasRoom) throw new parts.ProtocolError(parts.ProtocolErrorCode.InternalError, 'Too many tasks go on. Wait for one, or call without a task.');
  const call = startCall(use, { tool, input, options: start, tell });
  const adopt = (keepMs?: number) => {
    const added = tasks.add(tool, call, keepMs);
    to(added.tell);
    return added.task;
  };
  if (asked !== undefined && !mayBeTask) return server.answerWith(context, { task: legacyTask(adopt(asked.data.ttl ?? undefined)) });
  using _takenBack = cancelledWith(call, context);
  const early = mayBeTask ? await within(call.result, tasks.afterMs, context.mcpReq.signal) : await call.result;
  // One that was taken back is being cancelled, and one beyond the limit stays a call.
  const result = early ?? (context.mcpReq.signal.aborted || !tasks.hasRoom ? await call.result : undefined);
  if (result !== undefined) return server.projectCallToolResult(result, tool.outputSchema);
  return server.answerWith(context, { resultType: 'task', ...modernTask(adopt(), (each) => each) });
}

/** Answers what a client asks of its tasks. */
export function addTaskMethods(server: TaskServer, parts: typeof library, tasks: ServedTasks, era: library.ProtocolEra): void {
  const { ProtocolError, ProtocolErrorCode } = parts;
  const found = (id: string): ServedTask => {
    const task = tasks.get(id);
    if (task === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such task. Results are kept for a limited time; the traces of runs are resources.');
    return task;
  };
  const project = ({ tool }: ServedTask) => (result: library.CallToolResult) => server.projectCallToolResult(result, tool.outputSchema);
  if (era === 'modern') {
    const declared = (context: library.ServerContext) => {
      if (!knowsTasks(parts, context)) throw new parts.MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [taskExtension]: {} } } });
    };
    server.setRequestHandler('tasks/get', named, ({ taskId }, context) => {
      declared(context);
      const task = found(taskId);
      return modernTask(task, project(task));
    });
    // Nobody is asked by way of the client: what a run needs to know it asks the person at this server.
    server.setRequestHandler('tasks/update', named, ({ taskId }, context) => {
      declared(context);
      found(taskId);
      return {};
    });
    server.setRequestHandler('tasks/cancel', named, ({ taskId }, context) => {
      declared(context);
      tasks.cancel(found(taskId).id);
      return {};
    });
    return;
  }
  server.setRequestHandler('tasks/get', named, ({ taskId }) => legacyTask(found(taskId)));
  server.setRequestHandler('tasks/list', { params: z.looseObject({}).optional() }, () => ({ tasks: tasks.list().map(legacyTask) }));
  server.setRequestHandler('tasks/cancel', named, ({ taskId }) => {
    if (found(taskId).status !== 'working') throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The task has ended already.');
    tasks.cancel(taskId);
    return legacyTask(found(taskId));
  });
  server.setRequestHandler('tasks/result', named, async ({ taskId }, { mcpReq: { signal } }) => {
    found(taskId);
    await tasks.ended(taskId, signal);
    const task = found(taskId);
    if (task.end === undefined || !('result' in task.end)) throw new ProtocolError(ProtocolErrorCode.InternalError, task.end?.error ?? 'The request was taken back.');
    const result = project(task)(task.end.result);
    return { ...result, _meta: { ...result._meta, [parts.RELATED_TASK_META_KEY]: { taskId } } };
  });
}

/** Undefined where it takes longer, or is taken back. */
async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  const settled = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: AbortSignal.any([signal, settled.signal]) }).catch(() => undefined)]);
  } finally {
    settled.abort();
  }
}

function knowsTasks({ CLIENT_CAPABILITIES_META_KEY }: typeof library, { mcpReq: { envelope } }: library.ServerContext): boolean {
  return declaration.safeParse(Reflect.get(envelope ?? {}, CLIENT_CAPABILITIES_META_KEY)).success;
}

/** Progress goes to whoever waits for the answer, and once that is a task, into the task. */
function teller(first: (message: string) => void): { readonly tell: (message: string) => void; readonly to: (next: (message: string) => void) => void } {
  let current = first;
  return { tell: (message) => current(message), to: (next) => { current = next; } };
}
