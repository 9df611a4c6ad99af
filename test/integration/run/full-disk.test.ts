import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const execute = promisify(execFile);
const disk = join(tmpdir(), `full-disk-${process.pid}`);

beforeEach(async (test: TestContext) => {
  mkdirSync(disk);
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', disk]);
  } catch {
    rmSync(disk, { recursive: true });
    test.skip('a small disk cannot be mounted here: that needs root on Linux');
  }
});
afterEach(async () => {
  await execute('umount', [disk]);
  rmSync(disk, { recursive: true });
});

async function run(body: (scope: RunScope) => Promise<Json>, signal?: AbortSignal) {
  using store = new RunStore(disk);
  const host = { pid: process.pid, start: (await processStart(process.pid))! };
  const runs = new RunManager({ store, host, redactor: new Redactor(), version: '0.0.0', concurrency: 1 });
  return await runs.start({ kind: 'chain', title: 'Full', source: 'full.ts', workspace: disk, input: null, grants: [], rules: [], approver: denyAll, ...(signal === undefined ? {} : { signal }) }, body).outcome;
}

/** Writes until nothing more fits. */
function fill(folder: string): void {
  for (let i = 0; ; i++) for (const bytes of [100_000, 4096]) writeFileSync(join(folder, `filler-${i}-${bytes}`), Buffer.alloc(bytes));
}

describe('a run on a disk that becomes full', () => {
  it('fails with what to do, destroys what it created, and both are on record', async () => {
    const outcome = await run(async (scope) => {
      for (const label of ['a', 'b']) await scope.lease({ kind: 'temp-dir', label }, () => Promise.resolve({ destroy: () => Promise.resolve({ verified: true, how: 'looked' }) }));
      for (;;) scope.log('info', 'x'.repeat(3000));
    });
    expect(outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'store-unwritable', hint: expect.stringContaining('Free some space') as string } });
    using store = new RunStore(disk);
    expect(store.run(outcome.id)).toMatchObject({ state: 'failed', error: { code: 'store-unwritable' } });
    expect(store.openLeases()).toEqual([]);
    expect(store.openRuns()).toEqual([]);
  });

  it('can be stopped by whoever gave it a signal, although that cannot be recorded', async () => {
    const stop = new AbortController();
    const outcome = await run((scope) => {
      expect(() => fill(disk)).toThrow('ENOSPC');
      stop.abort();
      scope.signal.throwIfAborted();
      return Promise.resolve(null);
    }, stop.signal);
    expect(outcome).toMatchObject({ state: 'cancelled', clean: true, error: { message: 'The caller gave up.' } });
  });

  it('is not done if its result cannot be stored', async () => {
    const outcome = await run(() => Promise.resolve('x'.repeat(2_000_000)));
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'store-unwritable' } });
    using store = new RunStore(disk);
    expect(store.run(outcome.id)).toMatchObject({ state: 'failed' });
  });
});
