import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { groupMembers, isAlive, processStart, type ProcessIdentity } from './process-identity.ts';

const run = promisify(execFile);

/** Time between asking a process group to end and ending it. */
const graceMs = 1500;
/** Longest wait for the kernel to take a killed group off the process list. */
const goneMs = 5000;

export interface ProcessDeath {
  readonly gone: boolean;
  /** For the destruction report. */
  readonly how: string;
}

/**
 * Ends a process that leads its own group (spawned `detached`), with everything that it started, and makes sure of it.
 * `identity` must still name the process that was started: a pid that belongs to somebody else by now is left alone.
 */
export async function endProcessGroup(identity: ProcessIdentity, options: { readonly graceMs?: number; readonly already?: boolean } = {}): Promise<ProcessDeath> {
  const { pid } = identity;
  if (process.platform === 'win32') return endWindowsTree(identity);
  const start = await processStart(pid);
  // A kernel does not give a number away while a process group bears it: another process with this pid means that ours and its group are gone.
  if (start !== undefined && start !== identity.start) return { gone: true, how: `process ${pid} is another one by now, so its group is gone` };
  if (start === undefined && (await groupMembers(pid)).length === 0) return { gone: true, how: `process ${pid} and its group not in the process list` };
  if (!options.already) {
    signal(pid, 'SIGTERM');
    if (await emptyWithin(pid, options.graceMs ?? graceMs)) return { gone: true, how: `process group ${pid} ended when asked, none left in the process list` };
  }
  signal(pid, 'SIGKILL');
  const gone = await emptyWithin(pid, goneMs);
  return { gone, how: gone ? `process group ${pid} killed, none left in the process list` : `process group ${pid} still has ${(await groupMembers(pid)).join(', ')}` };
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // The group has ended between the look and the signal.
  }
}

async function emptyWithin(group: number, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (let wait = 5; ; wait = Math.min(wait * 2, 100)) {
    if ((await groupMembers(group)).length === 0) return true;
    if (performance.now() >= end) return false;
    await sleep(wait);
  }
}

async function endWindowsTree(identity: ProcessIdentity): Promise<ProcessDeath> {
  if (!(await isAlive(identity))) return { gone: true, how: `process ${identity.pid} not in the process list` };
  await run('taskkill', ['/PID', String(identity.pid), '/T', '/F'], { windowsHide: true }).catch(() => undefined);
  const end = performance.now() + goneMs;
  while (await isAlive(identity)) {
    if (performance.now() >= end) return { gone: false, how: `process ${identity.pid} still in the process list after taskkill` };
    await sleep(100);
  }
  return { gone: true, how: `process tree ${identity.pid} ended by taskkill, root not in the process list` };
}
