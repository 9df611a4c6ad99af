import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { held, leftSince, perMemory } from '../../helpers/held.ts';
import { buildSandboxFiles, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const programs: Readonly<Record<string, string>> = {
  'one that ends well': 'export default () => 1;',
  'one whose memory grew': 'export default () => { const l = []; for (let i = 0; i < 100000; i++) l.push({ i }); return l.length; };',
  'one that took all memory': 'export default () => { const l = []; for (;;) l.push(new Uint8Array(1e6)); };',
  'one that never ends': 'export default () => { for (;;); };',
  'one that is stuck in a native operation': "export default () => 'a'.repeat(2 ** 23).indexOf('a'.repeat(2 ** 22) + 'b');",
  'one that left timers behind': 'export default () => { for (let i = 0; i < 100; i++) setInterval(() => {}, 10); };',
  'one that waits for ever': "import { call } from 'assassin'; export default () => call('hang');",
};

describe.runIf(process.platform === 'linux' && process.arch === 'x64').each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('of sandboxes of %s', (engine) => {
  it('no memory, no thread and no timer is left', async () => {
    // The threads that Node keeps for files are not ours to end.
    const first = sandboxFactory(files, engine);
    await runGuest(first, 'export default () => 1;');
    await first[Symbol.asyncDispose]();
    const before = held();
    const factory = sandboxFactory(files, engine, { limits: { cpuMs: 200, memoryBytes: 16 * 1024 * 1024 } });
    const ending = Object.entries(programs).map(async ([name, source]) => {
      const host = { call: () => new Promise<never>(() => undefined) };
      const { run } = await runGuest(factory, source, { host, ...(name === 'one that waits for ever' ? { signal: AbortSignal.timeout(500) } : {}) });
      expect(run.outcome.clean, name).toBe(true);
    });
    const most = { addressSpaceGiB: 0, threads: 0 };
    const watch = setInterval(() => {
      const { addressSpaceGiB, threads } = held();
      most.addressSpaceGiB = Math.max(most.addressSpaceGiB, addressSpaceGiB);
      most.threads = Math.max(most.threads, threads);
    }, 20);
    await Promise.all(ending);
    clearInterval(watch);
    await factory[Symbol.asyncDispose]();
    // It was there to be seen.
    expect(most.addressSpaceGiB).toBeGreaterThan(before.addressSpaceGiB + perMemory);
    expect(most.threads).toBeGreaterThan(before.threads);
    expect(await leftSince(before)).toEqual([]);
  }, 60_000);
});
