import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { buildSandboxFiles, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const gibibyte = 1024 ** 2;
/** V8 sets aside at least so much address space for each WASM memory, whatever its size. */
const perMemory = 4;

interface Held {
  /** WASM memories, told by the address space that they take. */
  readonly addressSpaceGiB: number;
  readonly threads: number;
  readonly timers: number;
}

function held(): Held {
  const kibibytes = Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  return { addressSpaceGiB: kibibytes / gibibyte, threads: readdirSync('/proc/self/task').length, timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length };
}

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
    await sleep(300);
    const during = held();
    await Promise.all(ending);
    await factory[Symbol.asyncDispose]();
    // It was there to be seen.
    expect(during.addressSpaceGiB).toBeGreaterThan(before.addressSpaceGiB + perMemory);
    expect(during.threads).toBeGreaterThan(before.threads);
    let after = held();
    const left = () => after.addressSpaceGiB > before.addressSpaceGiB + perMemory / 2 || after.threads > before.threads || after.timers > before.timers;
    // The system takes a moment to clear away a thread that has ended.
    for (let waited = 0; left() && waited < 5000; waited += 50) {
      await sleep(50);
      after = held();
    }
    expect(after.threads).toBeLessThanOrEqual(before.threads);
    expect(after.timers).toBeLessThanOrEqual(before.timers);
    expect(after.addressSpaceGiB - before.addressSpaceGiB).toBeLessThan(perMemory / 2);
  }, 60_000);
});
