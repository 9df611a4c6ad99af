import { expect, test } from 'vitest';
import { prices } from '../../../src/savings/prices.ts';
import { isStale } from '../../../src/shared/price-age.ts';

test.each(prices.map((row) => [row.service, row] as const))('%s has a source, a date and something that it bills', (_service, row) => {
  expect(row.source).toMatch(/^[a-z0-9.-]+\.[a-z]{2,}/);
  expect(row.asOf).toMatch(/^20\d{2}(-[01]\d(-[0-3]\d)?)?$/);
  expect(row.region).not.toBe('');
  expect([row.perSecond, row.perVcpuSecond, row.perGbSecond].some((rate) => rate !== undefined && rate.usd > 0)).toBe(true);
  const rented = row.perVcpuSecond !== undefined || row.perGbSecond !== undefined;
  if (rented && row.covers !== 'code') expect(row.browserMachine).toBeDefined();
  if (rented && row.covers !== 'browser') expect(row.codeMachine).toBeDefined();
});

test('each service is listed once', () => {
  expect(new Set(prices.map((row) => row.service)).size).toBe(prices.length);
});

test('a price is old after 60 days, not on the sixtieth', () => {
  const day = 86_400_000;
  const read = Date.parse('2026-01-01');
  expect(isStale('2026-01-01', read + 60 * day)).toBe(false);
  expect(isStale('2026-01-01', read + 60 * day + 1)).toBe(true);
});
