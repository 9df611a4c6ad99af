import { describe, expect, it } from 'vitest';
import { retryAfter, tidy } from '../../../src/models/model-errors.ts';

describe('how long to wait', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [{ 'retry-after': '3' }, '', 3000],
    [{ 'retry-after': '0.5' }, '', 500],
    [{ 'retry-after': '-3' }, '', 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, '', 60_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, '', 0],
    [{ 'retry-after': 'soon' }, '', undefined],
    [{ 'retry-after': '' }, '', undefined],
    [{ 'retry-after-ms': '40', 'retry-after': '3' }, '', 40],
    [{ 'retry-after-ms': 'x', 'retry-after': '3' }, '', 3000],
    [{}, '{"retryDelay": "17.25s"}', 17_250],
    [{}, '', undefined],
  ])('is read from %j %s', (headers, body, ms) => {
    expect(retryAfter({ headers: headers as Record<string, string>, body }, now)).toBe(ms);
  });
});

describe('words of a provider', () => {
  it('become one line of readable length', () => {
    expect(tidy('a\r\n\tb\u0000\u2028c  ')).toBe('a b c');
    expect(tidy('x'.repeat(1000))).toHaveLength(401);
  });
});
