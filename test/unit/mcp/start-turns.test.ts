import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StartTurns } from '../../../src/mcp/start-turns.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new AbortController().signal;

/** Takes turns for all of them, and tells who has begun and how each ends. */
function takers(turns: StartTurns, names: string, signal: (name: string) => AbortSignal = () => never): { readonly begun: string[]; readonly end: (name: string) => Promise<void> } {
  const begun: string[] = [];
  const ends = new Map<string, Disposable>();
  for (const name of names) {
    turns.take(signal(name)).then(
      (turn) => {
        begun.push(name);
        ends.set(name, turn);
      },
      (error: Error) => begun.push(`${name}: ${error.message}`),
    );
  }
  return {
    begun,
    end: async (name) => {
      ends.get(name)![Symbol.dispose]();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

it('so many begin at once, the others in their order as turns end', async () => {
  const { begun, end } = takers(new StartTurns({ atOnce: 2, idleMs: () => 0 }), 'abcd');
  await vi.advanceTimersByTimeAsync(400);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  await end('d');
  expect(vi.getTimerCount()).toBe(0);
});

it('another begins for each while in which processors had nothing to do', async () => {
  let idle = 5000;
  const { begun } = takers(new StartTurns({ atOnce: 1, idleMs: () => idle }), 'abcd');
  await vi.advanceTimersByTimeAsync(90);
  idle += 49;
  await vi.advanceTimersByTimeAsync(10);
  expect(begun).toEqual(['a']);
  idle += 50;
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(300);
  expect(begun).toEqual(['a', 'b']);
  idle += 100;
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('on a machine that others keep busy another begins half a second after the one before it', async () => {
  const { begun } = takers(new StartTurns({ atOnce: 1, idleMs: () => 0 }), 'abc');
  await vi.advanceTimersByTimeAsync(499);
  expect(begun).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(499);
  expect(begun).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a', 'b', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});

it('those that began beside the others take no turn away, and give none back that there was not', async () => {
  let idle = 0;
  const { begun, end } = takers(new StartTurns({ atOnce: 1, idleMs: () => idle }), 'abc');
  idle = 100;
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('all begin where the system does not tell what its processors do', async () => {
  const { begun } = takers(new StartTurns({ atOnce: 1, idleMs: () => undefined }), 'abc');
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['a', 'b', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});

it('who is not wanted any more leaves the row, and nobody is waited for', async () => {
  const abort = new AbortController();
  const turns = new StartTurns({ atOnce: 1, idleMs: () => 0 });
  const { begun, end } = takers(turns, 'abc', (name) => (name === 'b' ? abort.signal : never));
  await vi.advanceTimersByTimeAsync(0);
  abort.abort(new Error('stopped'));
  await end('a');
  expect(begun).toEqual(['a', 'b: stopped', 'c']);
  await end('c');
  expect(vi.getTimerCount()).toBe(0);
  await expect(turns.take(abort.signal)).rejects.toThrow('stopped');
});
