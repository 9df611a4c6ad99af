import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './measure.ts';
import { program, silentHost, withOurSandboxes } from './our-sandbox.ts';

const count = 200;
const mebibyte = 1024 * 1024;

/** A program that has done something, and waits for an answer that comes when all of them wait. */
const waiting = program(`import { call } from 'assassin'; export default async () => { const l = Array.from({ length: 100 }, (_, i) => ({ i })); await call('wait'); return l.length; };`);

async function residentMebibytes(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    global.gc?.();
    await sleep(60);
  }
  return process.memoryUsage.rss() / mebibyte;
}

/** Sandboxes that live at the same time, each with a program that waits; and what is left once they are gone. */
export function memoryRows(): Promise<readonly Row[]> {
  return withOurSandboxes(async ({ factory, scope, inProduct }) => {
    await inProduct(program('export default () => 1;'));
    const before = await residentMebibytes();
    const all = Promise.withResolvers<null>();
    let asked = 0;
    const allAsked = Promise.withResolvers<void>();
    const host = {
      ...silentHost,
      call: () => {
        if (++asked === count) allAsked.resolve();
        return all.promise;
      },
    };
    const sandboxes = await Promise.all(Array.from({ length: count }, () => factory.create()));
    const results = sandboxes.map((sandbox) => sandbox.run(waiting, host, scope.signal));
    await allAsked.promise;
    const during = await residentMebibytes();
    all.resolve(null);
    for (const { value } of await Promise.all(results)) if (value !== 100) throw new Error('A program did not end well.');
    await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
    await factory[Symbol.asyncDispose]();
    // V8 gives the pages of ended threads back to the system after some seconds.
    await sleep(10_000);
    const after = await residentMebibytes();
    const each = (during - before) / count;
    const kept = Math.max(0, after - before) / (during - before);
    return [
      { bench: `${count} live sandboxes, memory of each`, unit: 'MiB', ours: each, peer: 1, peerName: '1 MiB', ratio: each, n: count, target: 1 },
      { bench: 'of that, still there after dispose', unit: 'share', ours: kept, peer: 1, peerName: 'all of it', ratio: kept, n: count, target: 0.1 },
    ];
  });
}
