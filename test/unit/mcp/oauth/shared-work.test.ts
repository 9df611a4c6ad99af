import { expect, it } from 'vitest';
import { SharedWork } from '../../../../src/mcp/oauth/shared-work.ts';

it('is done once for all who join it, and anew for who comes afterwards', async () => {
  const shared = new SharedWork<number>();
  let count = 0;
  const work = () => Promise.resolve(++count);
  const { signal } = new AbortController();
  expect(await Promise.all([shared.join(signal, work), shared.join(signal, work)])).toEqual([1, 1]);
  expect(await shared.join(signal, work)).toBe(2);
});

it('goes on while somebody waits for it, and is given up when the last has gone', async () => {
  const shared = new SharedWork<number>();
  const [first, second] = [new AbortController(), new AbortController()];
  let given: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    given = signal;
    return new Promise<number>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
  };
  const joined = [shared.join(first.signal, work), shared.join(second.signal, work)];
  first.abort(new Error('first left'));
  await expect(joined[0]).rejects.toThrow('first left');
  expect(given?.aborted).toBe(false);
  second.abort(new Error('second left'));
  await expect(joined[1]).rejects.toThrow('second left');
  expect(given?.aborted).toBe(true);
});

it('that failed is not kept', async () => {
  const shared = new SharedWork<number>();
  const { signal } = new AbortController();
  await expect(shared.join(signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await shared.join(signal, () => Promise.resolve(1))).toBe(1);
});
