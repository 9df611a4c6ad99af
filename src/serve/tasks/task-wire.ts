import type { CallToolResult } from '@modelcontextprotocol/server';
import type { ServedTask } from './served-tasks.ts';

/** How often a client should ask, milliseconds. */
const pollMs = 1000;

const common = ({ id, message, createdAt, updatedAt }: ServedTask) => ({
  taskId: id, ...(message === undefined ? {} : { statusMessage: message.slice(0, 500) }), createdAt: new Date(createdAt).toISOString(), lastUpdatedAt: new Date(updatedAt).toISOString(),
});

/** How a task is told of in 2026-07-28: its state, and at the end what came of it. @param project fits a result to the revision */
export function modernTask(task: ServedTask, project: (result: CallToolResult) => CallToolResult) {
  const { status, end, ttlMs } = task;
  const state = { ...common(task), ttlMs, pollIntervalMs: pollMs };
  if (status === 'working' || status === 'cancelled') return { ...state, status };
  return end !== undefined && 'result' in end ? { ...state, status: 'completed' as const, result: project(end.result) } : { ...state, status: 'failed' as const, error: { code: -32_603, message: end?.error ?? '' } };
}

/** How it is told of in 2025-11-25, where a result that tells of a failure is a failed task. */
export function legacyTask(task: ServedTask) {
  const { status, end, ttlMs } = task;
  const failed = end !== undefined && (!('result' in end) || end.result.isError === true);
  return { ...common(task), status: status === 'done' ? (failed ? 'failed' as const : 'completed' as const) : status, ttl: ttlMs, pollInterval: pollMs };
}
