import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandboxFiles, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

/** So many for each core that a thread gets a small part of the time. */
const hogsPerCore = 3;

function busyMachine(): AsyncDisposable {
  const hogs = Array.from({ length: hogsPerCore * availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(hogs.map((hog) => hog.terminate()))) };
}

/** One native operation in which the engine never asks whether it may go on. */
const search = (size: number) => `export default () => 'a'.repeat(${size}).indexOf('a'.repeat(${size / 2}) + 'b');`;

describe('the limit of CPU time on a machine that others keep busy', () => {
  it('does not count the time in which a program waits for a core', async () => {
    await using factory = sandboxFactory(files);
    let size = 2 ** 13;
    let cpuMs = 0;
    while (cpuMs < 200) cpuMs = (await runGuest(factory, search(size = 2 * Math.ceil(size * 0.7)))).usage.cpuMs!;
    await using _ = busyMachine();
    const { result, error, usage } = await runGuest(factory, search(size), { limits: { cpuMs: Math.ceil(cpuMs * 2) } });
    expect(error).toBeUndefined();
    expect(result?.value).toBe(-1);
    // Otherwise nothing was shown.
    expect(usage.wallMs).toBeGreaterThan(cpuMs * 2 + 250);
  }, 120_000);

  it('still ends a program that uses a core without end', async () => {
    await using factory = sandboxFactory(files);
    await using _ = busyMachine();
    for (const source of ['export default () => { for (;;); };', search(2 ** 23)]) {
      const { error, run } = await runGuest(factory, source, { limits: { cpuMs: 100 } });
      expect(error).toMatchObject({ code: 'sandbox-limit', data: { limit: 'cpuMs' } });
      expect(run.outcome.clean).toBe(true);
    }
  }, 120_000);
});
