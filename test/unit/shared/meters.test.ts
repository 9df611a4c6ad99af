import { expect, test } from 'vitest';
import { meterNames } from '../../../src/shared/events.ts';
import { formatGbSeconds, unitOf } from '../../../src/shared/meters.ts';

test.each([[1.5, '1.5 GB-s'], [12.3456, '12.35 GB-s'], [0.5, '0.5 GB-s'], [0.00000195, '0.00000195 GB-s'], [0, '0 GB-s'], [100, '100 GB-s']])('%d GB-seconds are shown as %s', (value, shown) => {
  expect(formatGbSeconds(value)).toBe(shown);
});

test('every meter has a unit', () => {
  for (const name of meterNames) expect(unitOf(name), name).not.toBe('');
});
