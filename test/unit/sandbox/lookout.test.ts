import { describe, expect, it } from 'vitest';
import { Lookout } from '../../../src/sandbox/lookout.ts';

/** How often it is looked in so many waits. */
function looksIn(lookout: Lookout, waits: number, comes: boolean): number {
  let looks = 0;
  for (let i = 0; i < waits; i++) {
    let asked = false;
    lookout.look(() => {
      asked = true;
      return comes;
    });
    if (asked) looks += 1;
  }
  return looks;
}

describe('looking out for what another thread writes', () => {
  it('goes on as long as it pays off', () => {
    const lookout = new Lookout(0.01);
    expect(looksIn(lookout, 1000, true)).toBe(1000);
    expect(lookout.look(() => true)).toBe(true);
  });

  it('becomes rare where it is in vain, and never stops', () => {
    const lookout = new Lookout(0.01);
    expect(looksIn(lookout, 1000, false)).toBeLessThan(15);
    expect(looksIn(lookout, 1000, false)).toBeGreaterThan(2);
  });

  it('goes on after a single one that was in vain', () => {
    const lookout = new Lookout(0.01);
    expect(looksIn(lookout, 1, false)).toBe(1);
    expect(looksIn(lookout, 1, true)).toBe(1);
    expect(looksIn(lookout, 1, false)).toBe(1);
    expect(looksIn(lookout, 1, true)).toBe(1);
  });

  it('becomes frequent again once it has paid off', () => {
    const lookout = new Lookout(0.01);
    looksIn(lookout, 2000, false);
    looksIn(lookout, 2000, true);
    expect(looksIn(lookout, 100, true)).toBe(100);
  });

  it('sleeps once it has been awake for long enough, for what is left of its time', () => {
    const slept: number[] = [];
    expect(new Lookout(10_000, 0).lookNow(() => slept.length === 2, (ms) => void slept.push(ms))).toBe(true);
    expect(slept).toHaveLength(2);
    expect(Math.max(...slept)).toBeLessThanOrEqual(10_000);
    let asked = 0;
    expect(new Lookout(10_000).lookNow(() => ++asked === 3, () => expect.unreachable())).toBe(true);
  });
});
