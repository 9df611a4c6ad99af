import { describe, expect, it } from 'vitest';
import { CallsUnderWay } from '../../../src/sandbox/calls-under-way.ts';
import type { FromWorker, ToWorker } from '../../../src/sandbox/protocol.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';

const calls = (count: number): FromWorker => ({ type: 'calls', count, json: '[]' });
const answers = (count: number): ToWorker => ({ type: 'answers', count, id: 0, json: '[]' });

function run(callsUnderWay?: number): ToWorker {
  const program = { modules: [], entry: 'main.js', call: 'default', args: '[]', clock: 'real', random: 'real' } as const;
  const memory = { image: '', size: 0, pages: [], bytes: new Uint8Array(0) };
  return {
    type: 'run', program, limits: defaultSandboxLimits,
    ...(callsUnderWay === undefined ? {} : { parked: { memory, calls: 9, callsUnderWay, consoleBytes: 0, cpuMs: 0 } }),
  };
}

describe('calls of a guest', () => {
  it('are under way until the last of them is answered', () => {
    const underWay = new CallsUnderWay();
    underWay.posted(run());
    expect(underWay.isAny).toBe(false);
    underWay.heard(calls(8));
    underWay.heard(calls(8));
    underWay.posted(answers(15));
    expect(underWay.isAny).toBe(true);
    underWay.posted(answers(1));
    expect(underWay.isAny).toBe(false);
  });

  it('are one where a single answer is all that is waited for', () => {
    const underWay = new CallsUnderWay();
    underWay.posted(run());
    expect(underWay.isOne).toBe(false);
    underWay.heard(calls(2));
    expect(underWay.isOne).toBe(false);
    underWay.posted(answers(1));
    expect(underWay.isOne).toBe(true);
    underWay.posted(answers(1));
    expect(underWay.isOne).toBe(false);
  });

  it('are no longer waited for when the next guest comes', () => {
    const underWay = new CallsUnderWay();
    underWay.posted(run());
    underWay.heard(calls(3));
    underWay.posted(run());
    expect(underWay.isAny).toBe(false);
  });

  it('come along with one that was parked', () => {
    const underWay = new CallsUnderWay();
    underWay.posted(run(2));
    underWay.posted(answers(1));
    expect(underWay.isAny).toBe(true);
    underWay.posted(answers(1));
    expect(underWay.isAny).toBe(false);
  });

  it('change with calls and answers alone', () => {
    const underWay = new CallsUnderWay();
    underWay.posted(run());
    underWay.heard(calls(1));
    for (const message of [{ type: 'unparked' }, { type: 'console', lines: [['info', 'x']] }] as const) underWay.heard(message);
    for (const message of [{ type: 'park' }, { type: 'stop' }] as const) underWay.posted(message);
    expect(underWay.isAny).toBe(true);
  });
});
