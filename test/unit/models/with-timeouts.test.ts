import { describe, expect, it } from 'vitest';
import type { ModelClient, ModelEvent } from '../../../src/models/model-client.ts';
import { withTimeouts } from '../../../src/models/with-timeouts.ts';

const info = { id: 'other/m', provider: 'other', model: 'm', label: 'm' };
const request = { messages: [], tools: [], toolChoice: 'auto' } as const;
const never = new AbortController().signal;

async function read(client: ModelClient, signal: AbortSignal = never): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of client.stream(request, signal)) events.push(event);
  return events;
}

describe('time limits around a client of somebody else', () => {
  it('hold where it ignores its signal', async () => {
    const deaf: ModelClient = { info, stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }) };
    await expect(read(withTimeouts({ firstByteMs: 50 })(deaf))).rejects.toMatchObject({ code: 'model-unavailable', data: { timeout: 'first-byte' } });
    const ending = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => ending.abort(reason), 20);
    await expect(read(withTimeouts()(deaf), ending.signal)).rejects.toBe(reason);
  });

  it('tell it by its signal when the reader has left', async () => {
    let told = false;
    const client: ModelClient = {
      info,
      stream: (_, signal) => {
        signal.addEventListener('abort', () => (told = true));
        return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: false, value: { type: 'text', text: 'more ' } }) }) };
      },
    };
    for await (const event of withTimeouts()(client).stream(request, never)) if (event.type === 'text') break;
    expect(told).toBe(true);
  });

  it('let its own errors and its end through as they are', async () => {
    const failing: ModelClient = { info, stream: async function* () { yield { type: 'text', text: 'a' } as const; throw new RangeError('own'); } };
    await expect(read(withTimeouts()(failing))).rejects.toThrow(RangeError);
    const ending: ModelClient = { info, stream: async function* () { yield { type: 'text', text: 'a' } as const; } };
    expect(await read(withTimeouts()(ending))).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('notice a silence between pieces, whatever the limit before the first one was', async () => {
    const falling: ModelClient = {
      info,
      stream: async function* () {
        for (let i = 0; i < 3; i++) yield { type: 'text', text: 'piece ' } as const;
        await new Promise(() => undefined);
      },
    };
    for (const firstByteMs of [20_000, 10]) await expect(read(withTimeouts({ firstByteMs, idleMs: 40 })(falling))).rejects.toMatchObject({ data: { timeout: 'idle' } });
  });

  it('do not count the time that the reader takes', async () => {
    const quick: ModelClient = { info, stream: async function* () { yield { type: 'text', text: 'a' } as const; yield { type: 'text', text: 'b' } as const; } };
    let text = '';
    for await (const event of withTimeouts({ firstByteMs: 30, idleMs: 30 })(quick).stream(request, never)) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      if (event.type === 'text') text += event.text;
    }
    expect(text).toBe('ab');
  });
});
