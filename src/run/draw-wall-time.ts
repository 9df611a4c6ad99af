import type { BudgetPool } from './budget.ts';
import { TimeSlices } from './time-slices.ts';
import type { Waits } from './waits.ts';

const sliceMs = 5000;

/**
 * Draws wall time from the limits of all runs until it is disposed; nothing where none is set. Time in which a run waits for a person is not counted. Throws
 * `budget-exceeded` where nothing is left.
 */
export function drawWallTime(pool: BudgetPool | undefined, waits: Waits, onOver: (error: unknown) => void): Disposable | undefined {
  if (pool === undefined || pool.left('wallMs') === Number.POSITIVE_INFINITY) return undefined;
  const slices = new TimeSlices({ from: pool, kind: 'wallMs', unitMs: 1, sliceMs, onOver });
  slices.start();
  const pauses = waits.pausing(() => slices.pause());
  return {
    [Symbol.dispose]: () => {
      pauses[Symbol.dispose]();
      slices.stop();
    },
  };
}
