import { describe, expect, it } from 'vitest';
import { QuickDisk } from '../../../src/workspace/quick-disk.ts';

/** A disk that is looked at by a clock that only the test turns. */
function clocked() {
  let now = 1000;
  const disk = new QuickDisk(() => now);
  const lookFor = (ms: number) => disk.do(() => { now += ms; return 'at once'; }, () => Promise.resolve('later'));
  return { disk, quick: () => lookFor(0.1), slow: () => lookFor(6), wait: (ms: number) => { now += ms; } };
}

describe('a small look at the disk', () => {
  it('is made in the background after a slow one, and soon at once again: the program may only have been held up', async () => {
    const { quick, slow, wait } = clocked();
    expect(await quick()).toBe('at once');
    expect(await slow()).toBe('at once');
    expect(await quick()).toBe('later');
    wait(49);
    expect(await quick()).toBe('later');
    wait(1);
    expect(await quick()).toBe('at once');
  });

  it('is made in the background for longer each time where slow follows slow, and for a moment again after a quick one', async () => {
    const { quick, slow, wait } = clocked();
    await slow();
    wait(50);
    expect(await slow()).toBe('at once');
    wait(99);
    expect(await quick()).toBe('later');
    wait(1);
    expect(await quick()).toBe('at once');
    await slow();
    wait(50);
    expect(await quick()).toBe('at once');
  });

  it('is made in the background for ten seconds at most, however often it was slow', async () => {
    const { quick, slow, wait } = clocked();
    for (let i = 0; i < 20; i++) {
      expect(await slow()).toBe('at once');
      wait(10_000);
    }
    expect(await quick()).toBe('at once');
  });

  it('throws what the look throws', async () => {
    await expect(clocked().disk.do(() => { throw new RangeError('own'); }, () => Promise.resolve(1))).rejects.toThrow(RangeError);
  });
});
