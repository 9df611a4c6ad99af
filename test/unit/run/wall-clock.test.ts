import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WallClock } from '../../../src/run/wall-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function clock(ms: number) {
  const over = vi.fn();
  return { over, wall: new WallClock(ms, over) };
}

describe('the wall clock of a sandbox', () => {
  it('is over after its time, once', () => {
    const { over } = clock(100);
    vi.advanceTimersByTime(99);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('stands still while a person is waited for, and has the rest of its time afterwards', () => {
    const { over, wall } = clock(100);
    vi.advanceTimersByTime(60);
    const pause = wall.pause();
    vi.advanceTimersByTime(1_000_000);
    expect(over).not.toHaveBeenCalled();
    pause[Symbol.dispose]();
    pause[Symbol.dispose]();
    vi.advanceTimersByTime(39);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('stands still until its start, where it begins later', () => {
    const over = vi.fn();
    const wall = new WallClock(100, over, 'later');
    vi.advanceTimersByTime(1000);
    wall.start();
    vi.advanceTimersByTime(99);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('stands still until the last of several pauses has ended', () => {
    const { over, wall } = clock(100);
    const [one, two] = [wall.pause(), wall.pause()];
    one[Symbol.dispose]();
    vi.advanceTimersByTime(1000);
    expect(over).not.toHaveBeenCalled();
    two[Symbol.dispose]();
    vi.advanceTimersByTime(100);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('never is over once it was disposed, whatever pauses still end', () => {
    const { over, wall } = clock(100);
    const pause = wall.pause();
    wall[Symbol.dispose]();
    pause[Symbol.dispose]();
    vi.advanceTimersByTime(1000);
    expect(over).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
