import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HostCalls } from '../../../src/sandbox/host-calls.ts';
import type { Answer } from '../../../src/sandbox/protocol.ts';
import type { SandboxHost } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

function hostCalls(call: SandboxHost['call']): { readonly calls: HostCalls; readonly messages: (readonly Answer[])[] } {
  const messages: (readonly Answer[])[] = [];
  return { calls: new HostCalls({ call, console: () => undefined }, (answers) => void messages.push(answers)), messages };
}

describe('host calls', () => {
  it('answer with JSON, and carry those that are ready together in one message', async () => {
    const { calls, messages } = hostCalls((name, args) => Promise.resolve({ name, args }));
    calls.start([{ id: 1, name: 'a', args: '[1]' }, { id: 2, name: 'b', args: 'null' }]);
    await turn();
    expect(messages).toEqual([[{ id: 1, ok: true, json: '{"name":"a","args":[1]}' }, { id: 2, ok: true, json: '{"name":"b","args":null}' }]]);
    expect(calls.count).toBe(2);
  });

  it('answer with code, message and hint of an error, and with nothing else of it', async () => {
    const failure = new AssassinError('denied', 'Not allowed.', { hint: 'Grant it.', data: { secret: 1 }, cause: new Error('inside') });
    const { calls, messages } = hostCalls(() => Promise.reject(failure));
    calls.start([{ id: 7, name: 'a', args: 'null' }]);
    await turn();
    expect(messages).toEqual([[{ id: 7, ok: false, json: '{"code":"denied","message":"Not allowed.","hint":"Grant it."}' }]]);
    expect(calls.failure(7)).toBe(failure);
  });

  it('survive arguments and results that are not JSON, and hosts that throw at once', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const { calls, messages } = hostCalls((name) => {
      if (name === 'throws') throw new Error('at once');
      return Promise.resolve(cyclic as never);
    });
    calls.start([{ id: 1, name: 'throws', args: 'null' }, { id: 2, name: 'cyclic', args: 'null' }, { id: 3, name: 'cyclic', args: '{' }]);
    await turn();
    expect(messages.flat().map(({ id, ok }) => [id, ok]).sort()).toEqual([[1, false], [2, false], [3, false]]);
  });

  it('drop what comes after the end, and tell the calls that it is over', async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    let seen: AbortSignal | undefined;
    const { calls, messages } = hostCalls((_name, _args, signal) => {
      seen = signal;
      return promise;
    });
    calls.start([{ id: 1, name: 'slow', args: 'null' }]);
    calls.stop(new AssassinError('cancelled', 'Over.'));
    resolve(null);
    await turn();
    expect(seen?.aborted).toBe(true);
    expect(seen?.reason).toMatchObject({ code: 'cancelled' });
    expect(messages).toEqual([]);
  });
});
