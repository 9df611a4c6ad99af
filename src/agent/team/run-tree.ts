import PQueue from 'p-queue';
import { AssassinError } from '../../shared/errors.ts';
import { Topics } from './topics.ts';

/** Runs of agents in one tree; a model that delegates in circles would otherwise only end with its budget. */
export const maxRuns = 64;
/** Runs below the one that a person started. */
export const maxDepth = 3;
/** Agents of one run that work at the same time. */
const maxAtOnce = 4;

/** What all runs share that come from one run which a person started. */
export class RunTree {
  readonly topics = new Topics();
  #runs = 0;

  /** Throws `budget-exceeded` where the tree is full. */
  take(): void {
    if (this.#runs >= maxRuns) throw new AssassinError('budget-exceeded', `${maxRuns} agents have worked on this task, and no more may.`, { hint: 'Give each agent a larger part of the work.', data: { budget: 'agents', limit: maxRuns } });
    this.#runs += 1;
  }
}

/** Lets the agents of one run work, so many at a time. */
export function agentQueue(): PQueue {
  return new PQueue({ concurrency: maxAtOnce });
}

/** Changes come into a workspace one after another, and so do agents that edit it itself. */
export function editQueue(): PQueue {
  return new PQueue({ concurrency: 1 });
}

export function checkDepth(depth: number): void {
  if (depth >= maxDepth) throw new AssassinError('budget-exceeded', `Agents may ask agents ${maxDepth} levels deep, and this one is at the end.`, { hint: 'Do this part yourself.', data: { budget: 'agents', limit: maxDepth } });
}
