import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processesNaming } from '../../../src/browser/process-search.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { browsers, leavesNothing, serve } from '../../helpers/browser.ts';

leavesNothing();

const phases = [
  'before its folder exists', 'right after the start of its process', 'with a page open', 'in a navigation', 'with a page that never comes to rest', 'while it is destroyed',
];

describe.each(browsers)('%s', (browser) => {
  it.each(phases)('leaves nothing after the next start where its host was killed %s', async (phase) => {
    await using site = await serve({ '/': '<title>Page</title>', '/slow': () => undefined });
    const directory = mkdtempSync(join(tmpdir(), 'store-'));
    const host = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/browser/killed-host.ts'), directory, phase, `${site.origin}/`], {
      stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ASSASSIN_BROWSER: browser },
    });
    const [, signal] = await once(host, 'exit') as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    using store = new RunStore(directory);
    const [lease] = store.openLeases().filter(({ kind }) => kind === 'browser');
    expect(lease?.identity.path).toBeDefined();
    const report = await sweep(store, { pid: process.pid, start: (await processStart(process.pid))! });
    expect(report.interruptedRuns).toHaveLength(1);
    expect(report.leases.map(({ verified }) => verified)).toEqual([true, true]);
    expect(existsSync(lease!.identity.path!)).toBe(false);
    // The helper that waits for crashes is not of the group and ends by itself once the browser is gone.
    await expect.poll(() => processesNaming(lease!.identity.path!), { timeout: 20_000 }).toEqual([]);
  }, 90_000);
});
