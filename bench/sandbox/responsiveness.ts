import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './measure.ts';
import { program, silentHost, withOurSandboxes } from './our-sandbox.ts';

const runs = 100;
const resolution = 2;
const hostile = [
  'for (;;);',
  'const l = []; for (;;) l.push(new Uint8Array(1e6));',
  'const f = () => f(); f();',
  "const h = 'a'.repeat(2 ** 22), n = 'a'.repeat(2 ** 21) + 'b'; for (;;) h.indexOf(n);",
  "for (;;) console.log('x'.repeat(1000));",
];
const peaceful = "let s = 0; for (let i = 0; i < 200; i++) { await call('nothing', i); for (let j = 0; j < 500; j++) s += j; } return s;";

/** How late the host's event loop is, in milliseconds (99th percentile), while a hundred runs go on, and while nothing does. */
export function responsivenessRows(): Promise<readonly Row[]> {
  return withOurSandboxes(async ({ factory, scope }) => {
    const delayOf = async (work: () => Promise<unknown>) => {
      const delay = monitorEventLoopDelay({ resolution });
      delay.enable();
      // The first samples after a start are not recorded.
      await sleep(50);
      delay.reset();
      await sleep(30);
      await work();
      delay.disable();
      return { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    };
    const one = async (i: number) => {
      const bad = i % 2 === 1;
      const sandbox = await factory.create({ cpuMs: 1000, memoryBytes: 32 * 1024 * 1024 });
      const body = bad ? hostile[(i >> 1) % hostile.length] : peaceful;
      const ended = await sandbox.run(program(`import { call } from 'assassin'; export default async () => { ${body} };`), silentHost, scope.signal).then(() => 'well', (error: unknown) => (bad ? 'stopped' : String(error)));
      await sandbox.destroy();
      if (ended !== (bad ? 'stopped' : 'well')) throw new Error(`Run ${i} ended ${ended}.`);
    };
    const idle = await delayOf(() => sleep(2000));
    const busy = await delayOf(() => Promise.all(Array.from({ length: runs }, (_, i) => one(i))));
    return [
      { bench: `delay of the host's event loop, p99, ${runs} runs at once, half of them hostile`, unit: 'ms', ours: busy.p99, peer: idle.p99, peerName: 'idle host', ratio: busy.p99 / idle.p99, n: runs, target: 50 / idle.p99 },
      { bench: 'the same, longest', unit: 'ms', ours: busy.max, peer: idle.max, peerName: 'idle host', ratio: busy.max / idle.max, n: runs },
    ];
  });
}
