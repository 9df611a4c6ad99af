import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserFactory, type Isolation } from '../../src/browser/browser-factory.ts';
import { defaultPool } from '../../src/browser/browser-pool.ts';
import { processesNaming } from '../../src/browser/process-search.ts';
import { denyAll } from '../../src/policy/approver.ts';
import { parseGrants } from '../../src/policy/grant.ts';
import { Redactor } from '../../src/policy/redact.ts';
import { HostLeases } from '../../src/run/host-leases.ts';
import { processStart } from '../../src/run/process-identity.ts';
import { RunManager } from '../../src/run/run-manager.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { startSite } from '../../bench/browser/site.ts';

export interface SoakSample {
  /** Throwaway browsers so far. */
  readonly done: number;
  /** MiB of this process after a garbage collection: the JavaScript heap with what it holds outside. */
  readonly heapMiB: number;
  readonly rssMiB: number;
  /** Open files, pipes and sockets of this process. */
  readonly handles: number;
  /** Entries of the temporary folder, and processes that name it. */
  readonly temporary: number;
  readonly processes: number;
}

/**
 * Has `count` throwaway browsers one after the other, each in a run of its own that opens a page, and looks at this process, the temporary folder and the
 * process list `samples` times between them. Needs `--expose-gc`. Throws where a run does not end well.
 */
export async function soakBrowsers({ count, samples, isolation, onSample }: { readonly count: number; readonly samples: number; readonly isolation: Isolation; readonly onSample?: (sample: SoakSample) => void }): Promise<readonly SoakSample[]> {
  const outer = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  process.env['TMPDIR'] = temporary;
  const host = { pid: process.pid, start: (await processStart(process.pid))! };
  const log = () => undefined;
  const seen: SoakSample[] = [];
  try {
    await using site = await startSite();
    using store = new RunStore(join(folder, 'data'));
    await using factory = new BrowserFactory({ isolation, log, pool: { ...defaultPool, leases: new HostLeases({ store, host, log }) } });
    await using runs = new RunManager({ store, redactor: new Redactor(), host, version: '0.0.0', concurrency: 1 });
    const grants = parseGrants(['browser', `net ${new URL(site.url).origin}`], folder);
    const every = Math.max(1, Math.floor(count / samples));
    for (let done = 1; done <= count; done++) {
      const { outcome } = runs.start({ kind: 'chain', title: 'Soak', source: 'soak.ts', workspace: folder, input: null, grants, rules: [], approver: denyAll }, async (scope) => {
        const { resource } = await factory.lease(scope);
        await (await resource.openPage('p1')).goto(site.url, 'load', 60_000);
        return null;
      });
      const { error, clean } = await outcome;
      if (error || !clean) throw new Error(`Run ${done} did not end well: ${error?.message ?? 'something is left'}`);
      // What is looked at is what stays: history is kept on purpose, and pruned by its own limits.
      if (done % 25 === 0) store.prune({ maxRuns: 10, maxAgeMs: Number.MAX_SAFE_INTEGER });
      if (done % every !== 0) continue;
      const sample = await look(done, temporary);
      seen.push(sample);
      onSample?.(sample);
    }
    return seen;
  } finally {
    if (outer === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = outer;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function look(done: number, temporary: string): Promise<SoakSample> {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (!gc) throw new Error('Start it with --expose-gc.');
  gc();
  // Finalizers run after the collection and free what the heap held outside.
  await new Promise((resolve) => setTimeout(resolve, 20));
  gc();
  // A shared browser that nobody uses any more is ended beside the next run, and not by the one before it.
  for (let i = 0; i < 40 && readdirSync(temporary).length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    done, heapMiB: (heapUsed + external) / 1048576, rssMiB: rss / 1048576, handles: readdirSync('/proc/self/fd').length,
    temporary: readdirSync(temporary).length, processes: (await processesNaming(temporary)).length,
  };
}

/** What has grown from the second sample to the last by more than chance would explain; the first still loads libraries. */
export function growth(samples: readonly SoakSample[]): readonly string[] {
  const [first, last] = [samples[1], samples.at(-1)];
  if (!first || !last) return ['there are too few samples to tell'];
  const grown: string[] = [];
  if (last.heapMiB > first.heapMiB * 1.15 + 3) grown.push(`the heap from ${first.heapMiB.toFixed(1)} to ${last.heapMiB.toFixed(1)} MiB`);
  // Until then V8 still compiles what the first ones have shown to be run often.
  if (last.done >= 200 && last.rssMiB > first.rssMiB * 1.1 + 8) grown.push(`resident memory from ${first.rssMiB.toFixed(0)} to ${last.rssMiB.toFixed(0)} MiB`);
  if (last.handles > first.handles + 3) grown.push(`open handles from ${first.handles} to ${last.handles}`);
  if (samples.some(({ temporary }) => temporary > 0)) grown.push('something stayed in the temporary folder');
  if (samples.some(({ processes }) => processes > 0)) grown.push('processes stayed');
  return grown;
}
