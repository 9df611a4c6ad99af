import { setTimeout as sleep } from 'node:timers/promises';

const [shortestPoll, longestPoll] = [50, 30_000];
/** Between two looks at a task of which its server has not said how often it likes to be asked, milliseconds. */
export const usualPoll = 1000;

/** Until a task is looked after again. Rejects with the signal. @param wishedMs as the server would like it, milliseconds */
export function pause(signal: AbortSignal, wishedMs = usualPoll): Promise<void> {
  return sleep(Math.min(longestPoll, Math.max(shortestPoll, wishedMs)), undefined, { signal });
}

/** So long that a server that tells of a task without end is not listened to more often than others are asked. @param sinceMs when it was listened to last, as `performance.now()` */
export async function breath(signal: AbortSignal, sinceMs: number): Promise<void> {
  const rest = sinceMs + shortestPoll - performance.now();
  if (rest > 0) await sleep(rest, undefined, { signal });
}
