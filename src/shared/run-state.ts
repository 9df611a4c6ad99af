import { AssassinError } from './errors.ts';

export const runStates = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/**
 * `waiting` is a run that is held up by a person. `interrupted` is a run whose host died: only the next start sets it,
 * and nothing leaves it, because repeating a half-done run could repeat its side effects.
 */
const transitions: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'failed', 'cancelled', 'interrupted'],
  running: ['waiting', 'done', 'failed', 'cancelled', 'interrupted'],
  waiting: ['running', 'failed', 'cancelled', 'interrupted'],
  done: [],
  failed: [],
  cancelled: [],
  interrupted: [],
};

export function isTerminal(state: RunState): boolean {
  return transitions[state].length === 0;
}

export function nextRunState(from: RunState, to: RunState): RunState {
  if (!transitions[from].includes(to)) throw new AssassinError('internal', `A run cannot go from ${from} to ${to}.`);
  return to;
}
