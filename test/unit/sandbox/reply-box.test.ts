import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { FromWorker } from '../../../src/sandbox/protocol.ts';
import { ReplyBox, replyBoxBytes, ReplySlot } from '../../../src/sandbox/reply-box.ts';

const calls = (id: number, text = ''): FromWorker => ({ type: 'calls', count: 1, json: `[[${id},"tool","${text}"]]` });
const ended: FromWorker = { type: 'ended', end: { how: 'done', json: '"a\\"b"', unanswered: 0 }, clean: true, cpuMs: 1.5, memoryBytes: 65_536 };
const restored: FromWorker = { type: 'restored', restored: { bytes: 65_536, changedBytes: 0 } };

/** Both sides, and messages as the system delivers them: later, and in their order. */
function bothSides(mayLook = true) {
  const memory = new SharedArrayBuffer(16 + replyBoxBytes);
  const heard: FromWorker[] = [];
  const host = new ReplyBox(memory, 16, { hear: (message) => void heard.push(message), mayLook: () => mayLook });
  const worker = new ReplySlot(memory, 16);
  const messages: FromWorker[] = [];
  return {
    host, worker, heard, messages, memory,
    /** As the worker says it: into the box where that can be, otherwise as a message. */
    say(message: FromWorker): boolean {
      if (worker.put(message)) return true;
      worker.posts();
      messages.push(message);
      return false;
    },
    deliver(): void {
      for (const message of messages.splice(0)) {
        host.hears();
        heard.push(message);
      }
    },
  };
}

describe('what a worker says to a host that looks', () => {
  it.each([['calls', calls(1)], ['the end', ended]])('%s are found without a message', async (_, message) => {
    const { host, say, heard } = bothSides();
    host.expect('program');
    expect(say(message)).toBe(true);
    await turn();
    expect(heard).toEqual([message]);
  });

  it('is a message for a host that does not look, has looked long enough, or has others to hear', async () => {
    const idle = bothSides();
    expect(idle.say(calls(1))).toBe(false);
    idle.host.expect('answers');
    await turn();
    expect(idle.say(calls(2))).toBe(false);
    const busy = bothSides(false);
    busy.host.expect('program');
    expect(busy.say(calls(1))).toBe(false);
  });

  it.each([['too long', calls(1, 'x'.repeat(5000))], ['not plain', calls(1, 'ä')], ['of another kind', restored]])('is a message where it is %s', (_, message) => {
    const { host, say } = bothSides();
    host.expect('program');
    expect(say(message)).toBe(false);
  });

  it('overtakes no message that was not heard yet', async () => {
    const { host, say, deliver, heard } = bothSides();
    host.expect('program');
    expect([say(calls(1, 'ä')), say(calls(2)), say(ended)]).toEqual([false, false, false]);
    await turn();
    expect(heard).toEqual([]);
    deliver();
    expect(heard).toEqual([calls(1, 'ä'), calls(2), ended]);
  });

  it('is not overtaken by a message that was posted after it', async () => {
    const { host, say, deliver, heard } = bothSides();
    host.expect('program');
    expect([say(calls(1)), say(calls(2))]).toEqual([true, false]);
    deliver();
    expect(heard).toEqual([calls(1), calls(2)]);
    await turn();
    expect(heard).toHaveLength(2);
  });

  it('is awaited while the host looks and has heard everything, and only then', async () => {
    const { host, worker, say, deliver } = bothSides();
    expect(worker.isAwaited).toBe(false);
    host.expect('program');
    expect(worker.isAwaited).toBe(true);
    say(calls(1));
    expect(worker.isAwaited).toBe(false);
    host.takeMail();
    expect(worker.isAwaited).toBe(true);
    say(calls(2, 'ä'));
    expect(worker.isAwaited).toBe(false);
    deliver();
    expect(worker.isAwaited).toBe(true);
    await turn();
    expect(worker.isAwaited).toBe(false);
  });

  it('is looked for only now and then where it does not come', async () => {
    const { host, worker } = bothSides();
    let looks = 0;
    for (let i = 0; i < 60; i++) {
      host.expect('answers');
      if (worker.isAwaited) looks += 1;
      await turn();
    }
    expect(looks).toBeLessThan(10);
  });
});

describe('a host that has fallen asleep at its box', () => {
  it.each([['into the box', true, calls(1)], ['as a message', false, calls(1, 'ä')]])('hears what is said %s', async (_, isPut, message) => {
    const { host, heard, deliver, messages, memory } = bothSides();
    const thread = new Worker(sleepersGuest, { eval: true, workerData: { memory, file: import.meta.resolve('../../../src/sandbox/reply-box.ts'), message } });
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void await thread.terminate());
    await once(thread, 'message');
    const said = once(thread, 'message');
    while (heard.length === 0 && messages.length === 0) {
      host.expect('program');
      await turn();
      if (isPut) continue;
      messages.push(...(await said)[0]);
    }
    deliver();
    expect(heard).toEqual([message]);
  });
});

/** Says something to a host that is asleep, and to no other. */
const sleepersGuest = `
const { parentPort, workerData: { memory, file, message } } = require('node:worker_threads');
import(file).then(({ ReplySlot }) => {
  const slot = new ReplySlot(memory, 16);
  const cells = new Int32Array(memory, 16);
  parentPort.postMessage([]);
  while (Atomics.load(cells, 0) !== 2);
  if (slot.put(message)) return;
  slot.posts();
  parentPort.postMessage([message]);
});`;
