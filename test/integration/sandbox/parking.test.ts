import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { SandboxProgram } from '../../../src/sandbox/sandbox.ts';
import { buildSandboxFiles, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const program = (body: string, args: SandboxProgram['args'] = []): SandboxProgram => ({
  modules: new Map([['assassin', "import { call } from 'assassin:host';\nexport { call };\n"], ['main.js', `import { call } from 'assassin'; export default async (n) => { ${body} };`]]),
  entry: 'main.js', call: 'default', args, clock: 'real', random: 'real',
});
const never = new AbortController().signal;
const keep = 'globalThis.mine = n; const l = Array.from({ length: 50 }, (_, i) => ({ i, n })); const answer = await call("wait", n); return [mine, l[49].n, answer];';

/** Has both threads there: on a busy machine, whoever waits for a first one gets a further one instead of room. */
async function withBothThreads(factory: SandboxFactory): Promise<void> {
  const host = { console: () => undefined, call: () => Promise.resolve(null) };
  const pair = await Promise.all([factory.create(), factory.create()]);
  await Promise.all(pair.map((sandbox) => sandbox.run(program('return n;', [1]), host, never)));
  await Promise.all(pair.map((sandbox) => sandbox.destroy()));
}

describe('sandboxes that wait', () => {
  it('make room for others, and go on with all that they had, in whatever thread', async () => {
    await using factory = sandboxFactory(files, 'quickjs-wasi', { maxAtOnce: 2 });
    await withBothThreads(factory);
    const answer = Promise.withResolvers<void>();
    const asked = new Set<number>();
    const allAsked = Promise.withResolvers<void>();
    const host = {
      console: () => undefined,
      call: async (_name: string, n: unknown) => {
        if (typeof n === 'number' && asked.add(n).size === 12) allAsked.resolve();
        await answer.promise;
        return `for ${String(n)}`;
      },
    };
    const sandboxes = await Promise.all(Array.from({ length: 12 }, () => factory.create()));
    const results = sandboxes.map((sandbox, n) => sandbox.run(program(keep, [n]), host, never));
    await allAsked.promise;
    expect(factory.workers).toBeLessThan(12);
    answer.resolve();
    expect((await Promise.all(results)).map(({ value }) => value)).toEqual(Array.from({ length: 12 }, (_, n) => [n, n, `for ${n}`]));
    expect((await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()))).every(({ verified }) => verified)).toBe(true);
  });

  it('move with all that they had also where their memory has grown, into threads whose memory grew before', async () => {
    await using factory = sandboxFactory(files, 'quickjs-wasi', { maxAtOnce: 2 });
    await withBothThreads(factory);
    const grows = 'const l = []; for (let i = 0; i < 30_000; i++) l.push({ i, n }); const answer = await call("wait", n); let sum = 0; for (const o of l) sum += o.i + o.n; return [sum, answer];';
    const answer = Promise.withResolvers<void>();
    let asked = 0;
    const allAsked = Promise.withResolvers<void>();
    const host = {
      console: () => undefined,
      call: async (_name: string, n: unknown) => {
        if (++asked === 5) allAsked.resolve();
        await answer.promise;
        return typeof n === 'number' ? n : null;
      },
    };
    const sandboxes = await Promise.all(Array.from({ length: 5 }, () => factory.create()));
    const results = sandboxes.map((sandbox, n) => sandbox.run(program(grows, [n]), host, never));
    await allAsked.promise;
    answer.resolve();
    expect((await Promise.all(results)).map(({ value }) => value)).toEqual(Array.from({ length: 5 }, (_, n) => [449_985_000 + 30_000 * n, n]));
    expect((await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()))).every(({ verified }) => verified)).toBe(true);
    // Whatever thread it comes to, a program finds the size that all begin with.
    const sizes = new Set<number>();
    for (let i = 0; i < 3; i++) {
      const small = await factory.create();
      await small.run(program('return n;', [i]), host, never);
      sizes.add(small.usage.memoryBytes ?? 0);
      await small.destroy();
    }
    expect([...sizes].every((bytes) => bytes < 4 * 1_048_576)).toBe(true);
  });

  it('end at once when they are cancelled outside of any thread, with their memory overwritten', async () => {
    await using factory = sandboxFactory(files, 'quickjs-wasi', { maxAtOnce: 1 });
    const cancel = new AbortController();
    const asked = Promise.withResolvers<void>();
    const first = await factory.create();
    const waiting = first.run(program(keep, [1]), { console: () => undefined, call: () => (asked.resolve(), new Promise(() => undefined)) }, cancel.signal).catch((error: unknown) => error);
    await asked.promise;
    const second = await factory.create();
    expect((await second.run(program('return n;', [2]), { console: () => undefined, call: () => Promise.resolve(null) }, never)).value).toBe(2);
    cancel.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    expect((await first.destroy()).how).toMatch(/^it waited outside of any worker thread; its memory \(\d\.\d MiB\) overwritten$/);
  });

  it('leave no worker, no port and no timer behind', async () => {
    const left = () => process.getActiveResourcesInfo().filter((name) => ['MessagePort', 'Worker', 'Timeout'].includes(name)).toSorted();
    const before = left();
    {
      await using factory = sandboxFactory(files, 'quickjs-wasi', { maxAtOnce: 2 });
      const host = { console: () => undefined, call: () => sleep(30, null) };
      await Promise.all(['return n;', keep, 'for (;;);', 'const l = []; for (;;) l.push(new Uint8Array(1e6));', 'await new Promise(() => setTimeout(() => {}, 1e6));'].map(async (body) => {
        const sandbox = await factory.create({ cpuMs: 200, wallMs: 1000, memoryBytes: 32 * 1024 * 1024 });
        await sandbox.run(program(body, [1]), host, never).catch(() => undefined);
        expect((await sandbox.destroy()).verified).toBe(true);
      }));
    }
    expect(left().length).toBeLessThanOrEqual(before.length);
  });
});
