import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes } from '../shared/bytes.ts';
import type { Check } from './check.ts';

/** The oldest Node whose SQLite needs no flag. */
const oldestNode = [22, 13] as const;

export async function nodeCheck(version: string = process.versions.node): Promise<Check> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    return { name: 'Node', status: 'fail', detail: `${version} is too old`, fix: `Install Node ${oldestNode.join('.')} or newer.` };
  }
  const { DatabaseSync } = await import('node:sqlite');
  using db = new DatabaseSync(':memory:');
  const { sqlite } = db.prepare('SELECT sqlite_version() AS sqlite').get() as { readonly sqlite: string };
  return { name: 'Node', status: 'ok', detail: `${version} with SQLite ${sqlite}` };
}

export function dataDirectoryCheck(directory: string): Check {
  return { name: 'Data directory', status: 'ok', detail: `${directory}, ${formatBytes(sizeOf(directory))}, writable` };
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce((sum, entry) => sum + (entry.isFile() ? (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0) : 0), 0);
}

/** A host that answers late freezes the editor; measured while `work` goes on, and for a quarter of a second at least. */
export async function eventLoopCheck(work: () => Promise<unknown>): Promise<Check> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await Promise.all([work(), sleep(250)]);
  histogram.disable();
  // The histogram counts the time between two looks, of which 5 ms are its own.
  const delay = Math.max(0, histogram.percentile(99) / 1e6 - 5);
  const detail = `delayed by ${delay.toFixed(1)} ms at p99 while the sandbox was tested`;
  return delay < 50 ? { name: 'Event loop', status: 'ok', detail } : { name: 'Event loop', status: 'warn', detail, fix: 'The computer is busy: close what you do not need.' };
}
