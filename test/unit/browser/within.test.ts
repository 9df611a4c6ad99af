import { describe, expect, it } from 'vitest';
import { within } from '../../../src/browser/within.ts';

const never = new Promise<never>(() => undefined);
const late = () => new Error('late');

describe('waiting within limits', () => {
  it('gives the result, the error of the work, the reason of the abort, or the error of the limit', async () => {
    const { signal } = new AbortController();
    expect(await within(Promise.resolve(1), signal, 1000, late)).toBe(1);
    await expect(within(Promise.reject(new Error('own')), signal, 1000, late)).rejects.toThrow('own');
    await expect(within(never, AbortSignal.timeout(1), 1000, late)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(within(never, signal, 1, late)).rejects.toThrow('late');
  });

  it('does not begin to wait where the abort came first, and leaves no failure of the work unheard', async () => {
    const reason = new Error('over');
    await expect(within(Promise.reject(new Error('own')), AbortSignal.abort(reason), 1000, late)).rejects.toBe(reason);
  });

  it('has no limit where none is given', async () => {
    const controller = new AbortController();
    const waiting = within(never, controller.signal, Number.POSITIVE_INFINITY, late);
    controller.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });
});
