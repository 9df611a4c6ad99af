import type { Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

export const executorNames = ['code-act', 'react', 'basic'] as const;
export type ExecutorName = (typeof executorNames)[number];

/** A way of working on a task: what the model is told of its situation, and which tools it has in its hands. The loop is the same for all. */
export interface Executor {
  readonly name: ExecutorName | 'plan';
  readonly maxTurns: number;
  readonly prompt: string;
  tools(context: TaskContext): Promise<readonly Tool[]>;
}
