import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForFirstAnswer } from '../../../src/vscode/for-first-answer.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('what is meant for a page that loads', () => {
  it('is handed over once', () => {
    using words = new ForFirstAnswer<string>(1000);
    words.put('a');
    expect([words.take(), words.take()]).toEqual(['a', undefined]);
  });

  it('is forgotten after its time, counted from the last of several', () => {
    using words = new ForFirstAnswer<string>(1000);
    words.put('a');
    vi.advanceTimersByTime(900);
    words.put('b');
    vi.advanceTimersByTime(900);
    expect(words.take()).toBe('b');
    words.put('c');
    vi.advanceTimersByTime(1000);
    expect(words.take()).toBeUndefined();
  });
});
