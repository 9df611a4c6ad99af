import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadlines, type Timed } from '../../../src/mcp/deadlines.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function timed(deadlines: Deadlines, inMs: number, over: string[], name = 'it'): Timed & { dueAt: number } {
  const one = {
    dueAt: performance.now() + inMs,
    due: () => {
      over.push(name);
      deadlines.delete(one);
    },
  };
  deadlines.add(one);
  return one;
}

it('one timer is enough for all that go on, each due in its time', () => {
  const [deadlines, over] = [new Deadlines(), [] as string[]];
  timed(deadlines, 3000, over, 'late');
  timed(deadlines, 1000, over, 'soon');
  timed(deadlines, 2000, over, 'between');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(999);
  expect(over).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(over).toEqual(['soon']);
  vi.advanceTimersByTime(2000);
  expect(over).toEqual(['soon', 'between', 'late']);
  expect(vi.getTimerCount()).toBe(0);
});

it('what was put off is looked at again when it is due now, and what is due earlier than it was in time', () => {
  const [deadlines, over] = [new Deadlines(), [] as string[]];
  const later = timed(deadlines, 1000, over, 'put off');
  const sooner = timed(deadlines, 60_000, over, 'brought forward');
  later.dueAt += 500;
  sooner.dueAt = performance.now() + 200;
  deadlines.lookBy(sooner.dueAt);
  vi.advanceTimersByTime(200);
  expect(over).toEqual(['brought forward']);
  vi.advanceTimersByTime(1299);
  expect(over).toEqual(['brought forward']);
  vi.advanceTimersByTime(1);
  expect(over).toEqual(['brought forward', 'put off']);
});

it('a thousand calls that are answered in time set one timer, and are never due', () => {
  const [deadlines, over] = [new Deadlines(), [] as string[]];
  const set = vi.spyOn(globalThis, 'setTimeout');
  for (let i = 0; i < 1000; i++) deadlines.delete(timed(deadlines, 60_000, over));
  expect(set).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(120_000);
  expect(over).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('keeps a program alive only while something goes on', () => {
  vi.useRealTimers();
  const [deadlines, over] = [new Deadlines(), [] as string[]];
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const first = timed(deadlines, 60_000, over);
  expect(timers()).toBe(before + 1);
  deadlines.delete(first);
  expect(timers()).toBe(before);
  const second = timed(deadlines, 90_000, over);
  expect(timers()).toBe(before + 1);
  deadlines.delete(second);
});
