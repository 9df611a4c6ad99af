import * as z from 'zod';
import { efforts } from '../models/model-client.ts';
import { AssassinError } from '../shared/errors.ts';
import { taskModes, type EventOf, type JournalEvent } from '../shared/events.ts';
import { wholeValue } from '../store/whole-value.ts';
import type { ReadBlob } from './conversation/recorded-turns.ts';
import { executorNames } from './executors/executor.ts';

/** What a task was started with, as its journal keeps it: enough to start the same once more. */
const schema = z.object({
  task: z.string(),
  model: z.string(),
  fallback: z.array(z.string()).optional(),
  effort: z.enum(efforts).optional(),
  executor: z.enum(executorNames).default('code-act'),
  mode: z.enum(taskModes).default('act'),
  /** Beside what every task may do. */
  grants: z.array(z.string()).default([]),
  /** The agent of the workspace that works on it. */
  agent: z.string().optional(),
  maxTurns: z.number().optional(),
  /** A command that must end well before the task counts as done. */
  check: z.string().optional(),
  maxRepairs: z.number().optional(),
  /** The file that a plan is written to, or is carried out from. */
  plan: z.string().optional(),
  /** What the model is told where that is more than the person's words. */
  told: z.string().optional(),
});
export type TaskInput = z.infer<typeof schema>;

export function createdOf(events: readonly JournalEvent[]): EventOf<'run.created'> {
  const created = events.find((event): event is EventOf<'run.created'> => event.type === 'run.created');
  if (created === undefined) throw new AssassinError('store-corrupt', 'The record of this run has no beginning.', { hint: 'Delete the run; the others are not affected.' });
  return created;
}

/** Throws `invalid-input` for a run that is no task. */
export async function taskInputOf(events: readonly JournalEvent[], readBlob: ReadBlob): Promise<TaskInput> {
  const created = createdOf(events);
  if (created.kind !== 'task') throw new AssassinError('invalid-input', `The run ${created.run} is not a task.`, { hint: 'Only tasks have a conversation. Run a chain again to repeat it.' });
  const parsed = schema.safeParse(await wholeValue(created.input, readBlob));
  if (parsed.success) return parsed.data;
  throw new AssassinError('store-corrupt', `What the task ${created.run} was started with cannot be read.`, { hint: 'Start it anew.', cause: parsed.error });
}
