import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Restarts, restartWaits } from '../../../src/mcp/restarts.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function tried(outcome: () => Promise<void>) {
  const starts: number[] = [];
  const restarts = new Restarts({ now: () => Date.now(), changed: () => undefined, start: () => {
    starts.push(Date.now());
    return outcome();
  } });
  return { restarts, starts };
}

it('waits longer each time, and gives up after the last', async () => {
  const began = Date.now();
  const { restarts, starts } = tried(() => Promise.reject(new Error('no')));
  restarts.up();
  expect(restarts.lost()).toBe(true);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  const sums = restartWaits.map((_, i) => restartWaits.slice(0, i + 1).reduce((sum, wait) => sum + wait, 0));
  expect(starts.map((at) => at - began)).toEqual(sums);
  expect(restarts.next).toBeUndefined();
  expect(restarts.lost()).toBe(false);
});

it('begins anew after it has run for a while', async () => {
  const { restarts, starts } = tried(() => {
    restarts.up();
    return Promise.resolve();
  });
  restarts.up();
  for (let i = 0; i < restartWaits.length * 2; i++) {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(restarts.lost()).toBe(true);
    await vi.advanceTimersByTimeAsync(restartWaits[0]!);
  }
  expect(starts).toHaveLength(restartWaits.length * 2);
  expect(restarts.count).toBe(restartWaits.length * 2);
});

it('starts nothing any more once a person has stopped it', async () => {
  const { restarts, starts } = tried(() => Promise.resolve());
  restarts.lost();
  expect(restarts.next).toBe(Date.now() + restartWaits[0]!);
  restarts.reset();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(starts).toEqual([]);
});
