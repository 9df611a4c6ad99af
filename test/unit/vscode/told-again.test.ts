import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToldAgain } from '../../../src/vscode/trees/told-again.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const drawn: (readonly string[])[] = [];
  return { drawn, again: new ToldAgain<string>((nodes) => drawn.push(nodes)) };
}

describe('a row that is unfolded while its list is drawn anew', () => {
  it('is drawn once more when the list stands, whenever it was asked for', () => {
    const { drawn, again } = watched();
    again.told('before any change', performance.now());
    const asked = performance.now();
    vi.advanceTimersByTime(1000);
    again.changed();
    vi.advanceTimersByTime(10);
    again.told('on its way meanwhile', asked);
    again.told('asked for before the editor has cleared its list', performance.now());
    vi.advanceTimersByTime(5000);
    // Nobody has asked for the list yet: a row of an unknown list could not be drawn.
    expect(drawn).toEqual([]);
    again.listed();
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([['on its way meanwhile', 'asked for before the editor has cleared its list']]);
  });

  it('is not drawn without end, and not where the list has stood for a while', () => {
    const { drawn, again } = watched();
    again.changed();
    again.listed();
    for (let i = 0; i < 10; i++) {
      again.told('run', performance.now());
      vi.advanceTimersByTime(450);
    }
    expect(drawn).toEqual([['run']]);
    again.told('another', performance.now());
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([['run']]);
    // The list is drawn anew once more, with the same row on its way.
    again.changed();
    again.told('run', performance.now());
    again.listed();
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([['run'], ['run']]);
  });

  it('waits for the next list where that changes again before it could be drawn', () => {
    const { drawn, again } = watched();
    again.changed();
    again.listed();
    again.told('run', performance.now());
    vi.advanceTimersByTime(100);
    again.changed();
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([]);
    again.listed();
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([['run']]);
  });

  it('is given up with its view', () => {
    const { drawn, again } = watched();
    again.changed();
    again.told('run', performance.now());
    again.listed();
    again.dispose();
    vi.advanceTimersByTime(5000);
    expect(drawn).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
