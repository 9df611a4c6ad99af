import { expect, test } from 'vitest';
import { oldestPrice } from '../../../src/shared/price-age.ts';

const prices = [
  { service: 'Alpha', asOf: '2025-08', stale: true }, { service: 'Beta', asOf: '2026-04-01', stale: true },
  { service: 'Gamma', asOf: '2026-11-01', stale: false }, { service: 'Alpha Two', asOf: '2024', stale: true },
];

test('a saving has the date of the oldest of the old prices that it was worked out with, and of no other service', () => {
  expect(oldestPrice('Alpha', prices)).toBe('2025-08');
  expect(oldestPrice('Beta with Alpha', prices)).toBe('2025-08');
  expect(oldestPrice('Gamma with Beta', prices)).toBe('2026-04-01');
});

test('a saving against new prices has none', () => {
  expect(oldestPrice('Gamma', prices)).toBeUndefined();
  expect(oldestPrice('Delta', prices)).toBeUndefined();
});
