import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CallClock, CallTimeout } from '../../../src/mcp/call-clock.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const reasonOf = ({ signal }: CallClock) => (signal.reason instanceof CallTimeout ? `${signal.reason.limit} ${signal.reason.ms}` : undefined);

it('waits for the first sign of life, then between two of them', () => {
  using clock = new CallClock({ firstMs: 5000, silenceMs: 1000, wholeMs: 60_000 });
  vi.advanceTimersByTime(4999);
  clock.touch();
  vi.advanceTimersByTime(999);
  clock.touch();
  vi.advanceTimersByTime(999);
  expect(reasonOf(clock)).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(reasonOf(clock)).toBe('timeoutMs 1000');
});

it.each([
  ['the first sign of life', { firstMs: 500, silenceMs: 1000, wholeMs: 60_000 }, 500, 'firstByteTimeoutMs 500'],
  ['silence', { silenceMs: 1000, wholeMs: 60_000 }, 1000, 'timeoutMs 1000'],
  ['the whole', { silenceMs: 1000, wholeMs: 900 }, 900, 'totalTimeoutMs 900'],
])('says that it was %s', (_, limits, ms, expected) => {
  using clock = new CallClock(limits);
  vi.advanceTimersByTime(ms - 1);
  expect(clock.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(reasonOf(clock)).toBe(expected);
});

it('ends at the whole whatever signs of life there are', () => {
  using clock = new CallClock({ silenceMs: 1000, wholeMs: 3000 });
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(600);
    clock.touch();
  }
  expect(reasonOf(clock)).toBe('totalTimeoutMs 3000');
});

it('stands still while a person is waited for', () => {
  using clock = new CallClock({ firstMs: 500, silenceMs: 500, wholeMs: 1000 });
  const hold = clock.hold();
  vi.advanceTimersByTime(60_000);
  clock.touch();
  expect(clock.signal.aborted).toBe(false);
  hold[Symbol.dispose]();
  vi.advanceTimersByTime(500);
  expect(reasonOf(clock)).toBe('timeoutMs 500');
});

it('aborts with the reason of the signal that it follows, also of one that has aborted already, and no more once it is over', () => {
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const limits = { silenceMs: 1000, wholeMs: 3000 };
  using clock = new CallClock(limits);
  clock.follow(first.signal);
  first.abort('enough');
  expect(clock.signal.reason).toBe('enough');
  second.abort('before');
  using late = new CallClock(limits);
  late.follow(second.signal);
  expect(late.signal.reason).toBe('before');
  const over = new CallClock(limits);
  over.follow(third.signal);
  over[Symbol.dispose]();
  third.abort('after');
  expect(over.signal.aborted).toBe(false);
});
