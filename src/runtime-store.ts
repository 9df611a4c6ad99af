import type { RuntimeOptions } from './runtime-options.ts';
import { sweep, type SweepReport } from './run/sweep.ts';
import { processStart } from './run/process-identity.ts';
import { AssassinError } from './shared/errors.ts';
import { noteStart } from './shared/start-times.ts';
import type { HostIdentity } from './store/host-identity.ts';
import { RunStore } from './store/run-store.ts';

export interface OpenedStore {
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly swept: SweepReport;
}

interface OpenStoreOptions extends Pick<RuntimeOptions, 'dataDirectory' | 'log'> {
  /** Nothing is removed where it is absent. */
  readonly settings?: Pick<RuntimeOptions['settings'], 'retention'>;
}

/** Opens the records, ends what a killed host left, and removes what is older than is kept. Throws `store-*` errors, and then holds nothing. */
export async function openStore({ dataDirectory, settings, log }: OpenStoreOptions): Promise<OpenedStore> {
  const start = await processStart(process.pid);
  if (start === undefined) throw new AssassinError('internal', 'The start time of this process could not be read.', { hint: 'Make sure that /proc (Linux), ps (macOS) or PowerShell (Windows) works.' });
  const host: HostIdentity = { pid: process.pid, start };
  const opening = performance.now();
  const store = new RunStore(dataDirectory);
  noteStart('records opened', opening);
  try {
    if (store.movedAside) log('warn', `The database was damaged. It was kept as ${store.movedAside}, and a new one begun.`);
    const sweeping = performance.now();
    const swept = await sweep(store, host);
    if (settings) store.prune({ maxRuns: settings.retention.maxRuns, maxAgeMs: settings.retention.maxAgeDays * 86_400_000 });
    noteStart('leftovers swept', sweeping);
    return { store, host, swept };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}
