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

it('tells whoever carries out the call, once, and nobody any more when the call is over', () => {
  const told: unknown[] = [];
  using clock = new CallClock({ silenceMs: 1000, wholeMs: 3000 });
  clock.onGivenUp((reason) => told.push(reason));
  vi.advanceTimersByTime(1000);
  expect(clock.givenUp?.reason).toBeInstanceOf(CallTimeout);
  clock.onGivenUp((reason) => told.push(reason));
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([clock.givenUp?.reason, clock.givenUp?.reason]);
  const run = new AbortController();
  const over = new CallClock({ silenceMs: 1000, wholeMs: 3000 });
  over.follow(run.signal);
  over.onGivenUp((reason) => told.push(reason));
  over[Symbol.dispose]();
  run.abort('enough');
  expect(told).toHaveLength(2);
});

it('many calls of one run listen to its signal with one ear, and each that goes on is given up with it', () => {
  const run = new AbortController();
  const listen = vi.spyOn(run.signal, 'addEventListener');
  const clocks = Array.from({ length: 50 }, () => new CallClock({ silenceMs: 1000, wholeMs: 3000 }));
  for (const clock of clocks) clock.follow(run.signal);
  clocks[0]?.[Symbol.dispose]();
  expect(listen).toHaveBeenCalledTimes(1);
  run.abort('enough');
  expect(clocks.map(({ givenUp }) => givenUp?.reason)).toEqual([undefined, ...Array.from({ length: 49 }, () => 'enough')]);
  for (const clock of clocks) clock[Symbol.dispose]();
});
