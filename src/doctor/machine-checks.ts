import { execFile } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { formatBytes } from '../shared/bytes.ts';
import { toErrorInfo } from '../shared/errors.ts';
import type { Check } from './check.ts';

const run = promisify(execFile);

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

export async function browserCheck(find: () => { readonly path: string; readonly from: string }): Promise<Check> {
  const name = 'Browser';
  try {
    const { path, from } = find();
    // On Windows a browser prints no version but opens a window.
    const version = process.platform === 'win32' ? '' : (await run(path, ['--version'], { timeout: 15_000 })).stdout.trim();
    return { name, status: 'ok', detail: `${version === '' ? '' : `${version}, `}${path} (${from})` };
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    return { name, status: 'fail', detail: message, fix: hint ?? 'Install Chrome or Chromium, or name one with the environment variable ASSASSIN_BROWSER.' };
  }
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
