import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createQuickjsWasi } from '../../../src/sandbox/engine-quickjs-wasi.ts';
import { GuestCell } from '../../../src/sandbox/guest-cell.ts';
import { newHeartbeat } from '../../../src/sandbox/heartbeat.ts';
import type { FromWorker } from '../../../src/sandbox/protocol.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';
import { randomNumbers } from '../../fuzz/random.ts';

const binary = (path: string) => new WebAssembly.Module(new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve(`quickjs-wasi/${path}`)))));
const calls = 200;
/** Counts how often each call settles, and ends when the last one has. */
const program = `import { call } from 'assassin';
export default async () => {
  const settled = new Array(${calls}).fill(0), values = [];
  await Promise.all(settled.map((_, i) => call('x', i).then((value) => { settled[i]++; values.push(value === i); }, () => { settled[i]++; values.push(false); })));
  await Promise.resolve();
  return [settled.every((n) => n === 1), values.every((v) => v)];
};`;

describe('a guest that is answered wrongly', () => {
  it.each([1, 2, 3, 4, 5])('settles each call once, with its own answer, and hears nothing after its end (seed %i)', async (seed) => {
    const below = randomNumbers(seed);
    const messages: FromWorker[] = [];
    const spec = { engine: 'quickjs-wasi', modules: { main: binary('quickjs.wasm'), extensions: [] }, memoryBytes: 32 * 1024 * 1024, stackBytes: 64 * 1024, seed: new Uint8Array(16), prelude: [] } as const;
    const cell = new GuestCell(spec, createQuickjsWasi, (message) => void messages.push(message), newHeartbeat());
    await cell.prepare();
    cell.hear({
      type: 'run', limits: { ...defaultSandboxLimits, hostCallsInFlight: 1000 },
      program: { modules: [['assassin', "import { call } from 'assassin:host'; export { call };"], ['main.js', program]], entry: 'main.js', call: 'default', args: '[]', clock: 'real', random: 'real' },
    });
    const asked: [number, string, number][] = messages.flatMap((message) => (message.type === 'calls' ? JSON.parse(message.json) : []));
    expect(asked).toHaveLength(calls);
    const done = new Set<number>();
    const strange = ['0', '-1', '1e9', '1.5', '"__proto__"', '"constructor"', 'null', '[]', '{}'];
    const ends = () => messages.filter((message) => message.type === 'ended');
    for (let said = 0; done.size < calls && said < 100_000; said++) {
      const [id, , value] = asked[below(calls)]!;
      // Of nobody, of a call that was answered, or its own; count is what the host still owes.
      if (below(3) === 0) cell.hear({ type: 'answers', count: 0, id: 0, json: `[${strange[below(strange.length)]!},${below(2)},{"code":"x","message":"y"}]` });
      else if (done.has(id)) cell.hear({ type: 'answers', count: 0, id, json: `[${id},${below(2)},{"message":"again"}]` });
      else {
        done.add(id);
        cell.hear({ type: 'answers', count: 1, id, json: `[${id},1,${value}]` });
      }
    }
    expect(ends()).toMatchObject([{ clean: true, end: { how: 'done', json: '[true,true]' } }]);
    const heard = messages.length;
    for (const [id] of asked) cell.hear({ type: 'answers', count: 1, id, json: `[${id},1,1]` });
    cell.hear({ type: 'stop' });
    expect(messages).toHaveLength(heard);
  });
});
