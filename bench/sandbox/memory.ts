import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './measure.ts';
import { program, silentHost, withOurSandboxes } from './our-sandbox.ts';

const count = 200;
const mebibyte = 1024 * 1024;
const settleMs = 10_000;

/** A program that has done something, and waits for an answer that comes when all of them wait. */
const waiting = program(`import { call } from 'assassin'; export default async () => { const l = Array.from({ length: 100 }, (_, i) => ({ i })); await call('wait'); return l.length; };`);

async function residentMebibytes(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    global.gc?.();
    await sleep(60);
  }
  return process.memoryUsage.rss() / mebibyte;
}

interface Cycle {
  readonly before: number;
  readonly during: number;
  readonly after: number;
}

/** Resident mebibytes of a pool of its own, with all of its sandboxes waiting at the same time, from before its first to after its end. */
function cycle(): Promise<Cycle> {
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
    await sleep(settleMs);
    return { before, during, after: await residentMebibytes() };
  });
}

/** Sandboxes that live at the same time, and what is left once they are gone: of the first ones, and of those that follow, which tell what a process needs once from what it loses. */
export async function memoryRows(): Promise<readonly Row[]> {
  const [first, second, , last] = [await cycle(), await cycle(), await cycle(), await cycle()];
  const each = (first.during - first.before) / count;
  const kept = Math.max(0, first.after - first.before) / (first.during - first.before);
  // Of two: the C library keeps a few mebibytes now and then, and gives them back the next time.
  const more = Math.max(0, last.after - second.after) / 2 / (first.during - first.before);
  return [
    { bench: `${count} live sandboxes, memory of each`, unit: 'MiB', ours: each, peer: 1, peerName: '1 MiB', ratio: each, n: count, target: 1 },
    { bench: 'of that, still there after dispose', unit: 'share', ours: kept, peer: 1, peerName: 'all of it', ratio: kept, n: count, target: 0.1 },
    { bench: `what another ${count} leave on top of that`, unit: 'share', ours: more, peer: 1, peerName: 'all of it', ratio: more, n: count, target: 0.05 },
  ];
}
