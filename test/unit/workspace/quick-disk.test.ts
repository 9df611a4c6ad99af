import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { QuickDisk } from '../../../src/workspace/quick-disk.ts';

const asked = (disk: QuickDisk) => disk.do(() => 'at once', () => Promise.resolve('later'));
function slow(disk: QuickDisk): Promise<string> {
  return disk.do(() => {
    for (const end = performance.now() + 6; performance.now() < end; );
    return 'slow';
  }, () => Promise.resolve('later'));
}

describe('a small look at the disk', () => {
  it('is made in the background after a slow one, and soon at once again: the program may only have been held up', async () => {
    const disk = new QuickDisk();
    expect(await asked(disk)).toBe('at once');
    expect(await slow(disk)).toBe('slow');
    expect(await asked(disk)).toBe('later');
    await sleep(80);
    expect(await asked(disk)).toBe('at once');
  });

  it('is made in the background for longer each time where slow follows slow', async () => {
    const disk = new QuickDisk();
    await slow(disk);
    await sleep(80);
    expect(await slow(disk)).toBe('slow');
    await sleep(60);
    expect(await asked(disk)).toBe('later');
  });

  it('throws what the look throws', async () => {
    await expect(new QuickDisk().do(() => { throw new RangeError('own'); }, () => Promise.resolve(1))).rejects.toThrow(RangeError);
  });
});
