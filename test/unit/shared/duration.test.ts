import { expect, it } from 'vitest';
import { formatDuration } from '../../../src/shared/duration.ts';

it.each([
  [0.44, '0.4 ms'], [12, '12 ms'], [2310, '2.31 s'], [59_994, '59.99 s'], [59_995, '1 min'], [245_000, '4 min 5 s'], [600_000, '10 min'], [3_600_000, '1 h'], [7_380_000, '2 h 3 min'], [7_200_000, '2 h'],
] as const)('%d ms is said as %s: what is nothing of a unit is not said', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
