/** One call with what came of it, as text. */
export interface PastCall {
  readonly name: string;
  readonly input: string;
  readonly result: string;
}

export type GuardVerdict = 'go-on' | 'warn' | 'stop';

/** Only what happened lately counts: a check that is repeated between edits over a long task is no loop. */
const lookBack = 20;
const warnAt = 3;
const stopAt = 6;

/** Judges the last call of a history: the same call with the same result, again and again, leads nowhere. */
export function guardVerdict(history: readonly PastCall[]): GuardVerdict {
  const last = history.at(-1);
  if (!last) return 'go-on';
  const same = history.slice(-lookBack).filter(({ name, input, result }) => name === last.name && input === last.input && result === last.result).length;
  return same >= stopAt ? 'stop' : same >= warnAt ? 'warn' : 'go-on';
}
