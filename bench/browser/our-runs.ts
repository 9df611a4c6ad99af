import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserFactory, type Isolation } from '../../src/browser/browser-factory.ts';
import { BrowserGuard } from '../../src/browser/browser-guard.ts';
import { defaultPool, type KeepReady } from '../../src/browser/browser-pool.ts';
import { denyAll } from '../../src/policy/approver.ts';
import { parseGrants } from '../../src/policy/grant.ts';
import { Redactor } from '../../src/policy/redact.ts';
import { HostLeases } from '../../src/run/host-leases.ts';
import { processStart } from '../../src/run/process-identity.ts';
import { RunManager } from '../../src/run/run-manager.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { expectedTitle } from './site.ts';

export interface Timing {
  /** Milliseconds from the request until the page was loaded and its title read, and until everything was gone. */
  readonly pageMs: number;
  readonly wholeMs: number;
}

export interface OurRuns extends AsyncDisposable {
  /** A whole run: recorded, granted, proxied, journalled, destroyed and verified. `hold` keeps the page open until it resolves. */
  readonly once: (url: string, hold?: () => Promise<void>) => Promise<Timing>;
  /** Resolves when a browser waits. */
  readonly ready: () => Promise<void>;
}

/** The product's own path: nothing is switched off for the measurement. */
export async function ourRuns(executablePath: string, { isolation = 'process', keepReady = 'never', concurrency = 1 }: { readonly isolation?: Isolation; readonly keepReady?: KeepReady; readonly concurrency?: number } = {}): Promise<OurRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-'));
  const store = new RunStore(folder);
  const host = { pid: process.pid, start: (await processStart(process.pid))! };
  const log = () => undefined;
  const runs = new RunManager({ store, redactor: new Redactor(), host, version: '0.0.0', concurrency });
  const leases = new HostLeases({ store, host, log });
  const guard = new BrowserGuard({ leases, checks: store.browserChecks, log });
  const factory = new BrowserFactory({ executablePath, isolation, log, guard, pool: { ...defaultPool, keepReady, leases } });
  return {
    ready: async () => factory.pool?.fill(),
    once: async (url, hold) => {
      const began = performance.now();
      let pageMs = 0;
      const handle = runs.start({ kind: 'chain', title: 'Bench', source: 'bench.ts', workspace: folder, input: null, grants: parseGrants(['browser', `net ${new URL(url).origin}`], folder), rules: [], approver: denyAll }, async (scope) => {
        const { resource } = await factory.lease(scope);
        const page = await resource.openPage('p1');
        const { title } = await page.goto(url, 'load', 60_000);
        pageMs = performance.now() - began;
        if (title !== expectedTitle) throw new Error(`The page is called ${title}.`);
        await hold?.();
        return null;
      });
      const { error, clean } = await handle.outcome;
      if (error || !clean) throw new Error(`The run did not end well: ${error?.message ?? 'something is left'}`);
      return { pageMs, wholeMs: performance.now() - began };
    },
    [Symbol.asyncDispose]: async () => {
      await runs[Symbol.asyncDispose]();
      await factory[Symbol.asyncDispose]();
      store[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
