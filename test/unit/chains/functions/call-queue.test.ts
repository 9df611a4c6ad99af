import { describe, expect, it } from 'vitest';
import { CallQueue } from '../../../../src/chains/functions/call-queue.ts';

const never = new AbortController().signal;

async function turn(queue: CallQueue, signal = never): Promise<Disposable> {
  const taken = await queue.take(signal);
  if (typeof taken === 'string') throw new Error(`no turn: ${taken}`);
  return taken;
}

describe('the queue of calls', () => {
  it('gives as many turns as it may, lets as many wait as it may, and refuses the rest', async () => {
    const queue = new CallQueue(2, 1);
    const first = await turn(queue);
    await turn(queue);
    const waiting = turn(queue);
    expect(await queue.take(never)).toBe('full');
    expect([queue.running, queue.waiting]).toEqual([2, 1]);
    first[Symbol.dispose]();
    await waiting;
    expect([queue.running, queue.waiting]).toEqual([2, 0]);
  });

  it('gives turns in the order in which calls came, and a turn that is given back twice counts once', async () => {
    const queue = new CallQueue(1, 5);
    const order: number[] = [];
    const first = await turn(queue);
    const later = [1, 2, 3].map(async (n) => {
      using _turn = await turn(queue);
      order.push(n);
    });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await Promise.all(later);
    expect(order).toEqual([1, 2, 3]);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('takes no room for a call that gave up before it came to wait', async () => {
    const queue = new CallQueue(1, 1);
    await turn(queue);
    await expect(queue.take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(queue.waiting).toBe(0);
  });

  it('forgets a call that gave up while it waited', async () => {
    const queue = new CallQueue(1, 1);
    const first = await turn(queue);
    const controller = new AbortController();
    const waiting = queue.take(controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(queue.waiting).toBe(0);
    first[Symbol.dispose]();
    expect(queue.running).toBe(0);
  });

  it('lets nobody wait or come once it is closed', async () => {
    const queue = new CallQueue(1, 5);
    await turn(queue);
    const waiting = queue.take(never);
    queue.close();
    expect([await waiting, await queue.take(never)]).toEqual(['closed', 'closed']);
  });
});
