import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HostCalls, type Answers } from '../../../src/sandbox/host-calls.ts';
import type { CallsMessage } from '../../../src/sandbox/protocol.ts';
import type { SandboxHost } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

function hostCalls(call: SandboxHost['call']): { readonly calls: HostCalls; readonly messages: Answers[] } {
  const messages: Answers[] = [];
  return { calls: new HostCalls({ call, console: () => undefined }, (answers) => void messages.push(answers)), messages };
}

const asking = (...calls: readonly (readonly [id: number, name: string, args: unknown])[]): CallsMessage => ({ type: 'calls', count: calls.length, json: JSON.stringify(calls) });

describe('host calls', () => {
  it('answer with JSON, and carry those that are ready together in one message', async () => {
    const { calls, messages } = hostCalls((name, args) => Promise.resolve({ name, args }));
    calls.start(asking([1, 'a', [1]], [2, 'b', null]));
    await turn();
    expect(messages).toEqual([{ count: 2, id: 0, json: '[1,1,{"name":"a","args":[1]},2,1,{"name":"b","args":null}]' }]);
    expect(calls.count).toBe(2);
  });

  it('send large answers alone, with the number of their call', async () => {
    const { calls, messages } = hostCalls((name) => Promise.resolve(name === 'large' ? 'x'.repeat(5000) : 'small'));
    calls.start(asking([1, 'a', null], [2, 'large', null], [3, 'c', null]));
    await turn();
    expect(messages.map(({ count, id }) => [count, id])).toEqual([[1, 2], [2, 0]]);
  });

  it('answer with code, message and hint of an error, and with nothing else of it', async () => {
    const failure = new AssassinError('denied', 'Not allowed.', { hint: 'Grant it.', data: { secret: 1 }, cause: new Error('inside') });
    const { calls, messages } = hostCalls(() => Promise.reject(failure));
    calls.start(asking([7, 'a', null]));
    await turn();
    expect(messages).toEqual([{ count: 1, id: 7, json: '[7,0,{"code":"denied","message":"Not allowed.","hint":"Grant it."}]' }]);
    expect(calls.failure(7)).toBe(failure);
  });

  it('survive results that are not JSON, and hosts that throw at once', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const { calls, messages } = hostCalls((name) => {
      if (name === 'throws') throw new Error('at once');
      return Promise.resolve(cyclic as never);
    });
    calls.start(asking([1, 'throws', null], [2, 'cyclic', null]));
    await turn();
    expect(messages.flatMap(({ json }) => JSON.parse(json) as unknown[]).filter((_, i) => i % 3 !== 2)).toEqual([1, 0, 2, 0]);
  });

  it.each(['{', '{}', '[[1,"a",null]]', '[[1,"a"],[2,"b",null]]', '[["1","a",null],[2,"b",null]]', '[[1,{},null],[2,"b",null]]'])('refuse %s, which the boot code never says', (json) => {
    const { calls } = hostCalls(() => Promise.resolve(null));
    expect(() => calls.start({ type: 'calls', count: 2, json })).toThrow();
  });

  it('drop what comes after the end, and tell the calls that it is over', async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    let seen: AbortSignal | undefined;
    const { calls, messages } = hostCalls((_name, _args, signal) => {
      seen = signal;
      return promise;
    });
    calls.start(asking([1, 'slow', null]));
    calls.stop(() => new AssassinError('cancelled', 'Over.'));
    resolve(null);
    await turn();
    expect(seen?.aborted).toBe(true);
    expect(seen?.reason).toMatchObject({ code: 'cancelled' });
    expect(messages).toEqual([]);
  });

  it('carry out none of a list any more once one of them has ended the run', async () => {
    const names: string[] = [];
    const { calls } = hostCalls((name) => {
      names.push(name);
      if (name === 'b') calls.stop(() => new AssassinError('cancelled', 'Enough.'));
      return Promise.resolve(null);
    });
    calls.start(asking([1, 'a', null], [2, 'b', null], [3, 'c', null]));
    await turn();
    expect(names).toEqual(['a', 'b']);
    expect(calls.count).toBe(2);
  });

  it.each(['', '[', '{}', '[1]', '[[1,2,3]]', '[["1","a",null]]', '[[1,"a"]]', 'null'])('refuse a list that the boot code never writes: %s', (json) => {
    const { calls } = hostCalls(() => Promise.resolve(null));
    expect(() => calls.start({ type: 'calls', count: 1, json })).toThrow(expect.objectContaining({ code: 'sandbox-crashed' }));
    expect(calls.count).toBe(0);
  });
});
