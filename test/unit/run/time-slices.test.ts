import { expect, it } from 'vitest';
import { Budget } from '../../../src/run/budget.ts';
import { TimeSlices } from '../../../src/run/time-slices.ts';

const slices = (from: Budget, sliceMs: number, onOver: (error: unknown) => void = () => undefined) => new TimeSlices({ from, kind: 'wallMs', unitMs: 1, sliceMs, onOver });

it('two that draw time at once have no more together than one would have, and both are told', async () => {
  const budget = new Budget({ wallMs: 60 });
  const over = await Promise.all([1, 2].map(() => new Promise((resolve) => slices(budget, 10, resolve).start())));
  expect(budget.used('wallMs')).toBeLessThanOrEqual(60);
  for (const error of over) expect(error).toMatchObject({ code: 'budget-exceeded', data: { budget: 'wallMs', limit: 60 } });
});

it('what is not used of the last slice is given back, and nothing is taken while it stands still', () => {
  const budget = new Budget({ wallMs: 1e9 });
  const drawn = slices(budget, 1e8);
  drawn.start();
  expect(budget.used('wallMs')).toBe(1e8);
  const pause = drawn.pause();
  expect(budget.used('wallMs')).toBeLessThan(1e7);
  pause[Symbol.dispose]();
  expect(budget.used('wallMs')).toBeGreaterThanOrEqual(1e8);
  drawn.stop();
  drawn.stop();
  expect(budget.used('wallMs')).toBeLessThan(1e7);
});

it('is not begun where nothing is left, and says so where it goes on after a pause', () => {
  const budget = new Budget({ wallMs: 1e6 });
  const told: unknown[] = [];
  const drawn = slices(budget, 1000, (error) => told.push(error));
  drawn.start();
  const pause = drawn.pause();
  budget.charge('wallMs', budget.left('wallMs'));
  pause[Symbol.dispose]();
  expect(told).toMatchObject([{ code: 'budget-exceeded' }]);
  expect(() => slices(budget, 1000).start()).toThrow('1000000 milliseconds of wall time');
});
