import type { FinishReason } from '../../models/model-client.ts';

/** What the loop knows when a model has answered. */
export interface TurnFacts {
  readonly text: string;
  readonly calls: number;
  readonly finish: FinishReason;
  /** Empty answers in a row before this one. */
  readonly empty: number;
  /** How often an answer that was cut off has been continued, in a row. */
  readonly continued: number;
}

export type NextMove =
  | { readonly do: 'run-calls' }
  /** The text is the answer; `cut` where it is still incomplete. */
  | { readonly do: 'answer'; readonly cut: boolean }
  | { readonly do: 'continue' }
  | { readonly do: 'ask-again' }
  | { readonly do: 'fail'; readonly why: 'empty' | 'filtered' };

/** An answer longer than this many times the output limit is not getting anywhere. */
const maxContinued = 3;

/** What to do with an answer. */
export function nextMove({ text, calls, finish, empty, continued }: TurnFacts): NextMove {
  if (calls > 0) return { do: 'run-calls' };
  if (finish === 'content-filter') return { do: 'fail', why: 'filtered' };
  if (finish === 'length') return continued < maxContinued ? { do: 'continue' } : { do: 'answer', cut: true };
  if (text.trim() !== '' || continued > 0) return { do: 'answer', cut: false };
  return empty === 0 ? { do: 'ask-again' } : { do: 'fail', why: 'empty' };
}
