import { expect, test } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';

test('ids sort by creation, also within one millisecond and after the clock was set back', () => {
  const ids = [newId('run', 5000), ...Array.from({ length: 500 }, () => newId('run', 5000)), newId('run', 1000), newId('run', 6000)];
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^run_[0-9a-z]{17}$/);
});
