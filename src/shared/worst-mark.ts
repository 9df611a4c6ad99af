import { marks, type Mark } from './events.ts';

/** The least certain of some marks: a sum is as sure as its least sure part. `measured` where there is none, for nothing is known to be nothing. */
export function worstMark(some: readonly Mark[]): Mark {
  return marks[some.reduce((worst, mark) => Math.max(worst, marks.indexOf(mark)), 0)] ?? 'unknown';
}
