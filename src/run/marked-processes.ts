import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processStart, type ProcessIdentity } from './process-identity.ts';

/** Names the lease to which a program and all that it starts belong: children inherit the environment, also those that leave the process group. */
export const leaseVariable = 'INFRASTRUCTURE_ASSASSIN_LEASE';

/** Longest wait for the kernel to take a killed process off the list. */
const goneMs = 5000;

/** Live processes that were started with the mark of this lease. Linux only: elsewhere the environment of others cannot be read for certain. */
async function marked(lease: string): Promise<readonly ProcessIdentity[]> {
  const found: ProcessIdentity[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const start = environment.split('\0').includes(`${leaseVariable}=${lease}`) ? await processStart(pid) : undefined;
    if (start !== undefined) found.push({ pid, start });
  }
  return found;
}

/** Kills what a program has left behind outside its process group, such as daemons. Gives the pids that are still there; none on systems where it cannot look. */
export async function endMarkedProcesses(lease: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  for (const until = performance.now() + goneMs; ; await sleep(20)) {
    // Looked for anew each time: what is killed may have started another one in between.
    const left = await marked(lease);
    if (left.length === 0 || performance.now() > until) return left.map(({ pid }) => pid);
    for (const identity of left) if (await isAlive(identity)) kill(identity.pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended between the look and the signal.
  }
}
