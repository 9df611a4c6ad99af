import { describe, expect, it, test } from 'vitest';
import { parseMoney, parsePeriod, parsePointInTime } from '../../../src/cli/arguments-of-time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('a point in time', () => {
  it('is a day from its beginning here, a time, or how long ago', () => {
    expect(parsePointInTime('--since', '2026-11-01', now)).toBe(new Date(2026, 10, 1).getTime());
    expect(parsePointInTime('--since', '2026-11-01T09:30', now)).toBe(new Date(2026, 10, 1, 9, 30).getTime());
    expect(parsePointInTime('--since', '2026-11-01T09:30:00Z', now)).toBe(Date.parse('2026-11-01T09:30:00Z'));
    expect(parsePointInTime('--since', '7d', now)).toBe(now - 7 * 86_400_000);
  });

  it.each(['yesterday', '', '2026-13-45', '7 days', '-3h', '5'])('is not %j', (text) => {
    expect(() => parsePointInTime('--since', text, now)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

test('a length of time has a unit', () => {
  expect(['250ms', '30s', '1.5m', '2h', '1w'].map((text) => parsePeriod('--min-time', text))).toEqual([250, 30_000, 90_000, 7_200_000, 604_800_000]);
  for (const text of ['30', 's', '1y', '-1s', '']) expect(() => parsePeriod('--min-time', text)).toThrow('--min-time');
});

test('money is dollars, none below zero', () => {
  expect(['0', '0.25', '$3'].map((text) => parseMoney('--min-cost', text))).toEqual([0, 0.25, 3]);
  for (const text of ['', 'x', '-1', 'Infinity', '1,5']) expect(() => parseMoney('--min-cost', text)).toThrow('--min-cost');
});
