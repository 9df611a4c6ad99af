import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Destruction } from '../run/lease.ts';
import { readProcStat } from '../run/process-identity.ts';

export interface BrowserGroup {
  /** Of the process that leads the group, and when the kernel started it. */
  readonly pid: number;
  readonly start: string | undefined;
  /** The throwaway folder: what has left the group still names it in its command line. */
  readonly folder: string;
}

/** Time in which a helper that watches the browser may end by itself, and the longest wait altogether. */
const ownEndMs = 300;
const goneMs = 5000;
/** Between two looks at processes that are ending, and the longest until the whole list is looked at again. */
const pollMs = 2;
const listMs = 40;

/**
 * Kills a browser's process group and looks until nothing of it is in the process list, nor what has left the group: Chromium's crash handler does. The list
 * is read once for both, and in between only those are looked at that are ending: reading all of it takes longer than they need for that.
 */
export async function endBrowserGroup(group: BrowserGroup): Promise<Destruction> {
  const { pid } = group;
  const killed = kill(group);
  const began = performance.now();
  for (;;) {
    const { members, strays } = left(group);
    if (members.length + strays.length === 0) {
      return { verified: true, how: `${killed ? `process group ${pid} killed, none left in the process list` : `process ${pid} and its group not in the process list`}, and no other process names its folder` };
    }
    const waited = performance.now() - began;
    if (waited > goneMs) return { verified: false, how: `process group ${pid} still has ${members.join(', ') || 'none'}; processes ${strays.join(', ') || 'none'} still name its folder` };
    // Those of the group that were not in it yet when it was killed.
    if (members.length > 0) kill(group);
    if (waited > ownEndMs) for (const stray of strays) signal(stray);
    await ended([...members, ...strays]);
  }
}

/** False where there was nobody left to kill. */
function kill(group: BrowserGroup): boolean {
  // A kernel does not give a number away while a process group bears it: another process with it means that ours and its group are gone.
  return !isAnother(group) && signal(-group.pid);
}

function isAnother({ pid, start }: BrowserGroup): boolean {
  const stat = readProcStat(pid);
  // One that ended before its start could be read may lie there unburied.
  return stat !== undefined && stat.start !== start && !(start === undefined && isOver(stat.state));
}

function left(group: BrowserGroup): { readonly members: readonly number[]; readonly strays: readonly number[] } {
  const members: number[] = [];
  const strays: number[] = [];
  const own = !isAnother(group);
  const since = Number(group.start ?? 0);
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) && pid !== process.pid ? readProcStat(pid) : undefined;
    if (stat === undefined || isOver(stat.state)) continue;
    if (own && stat.group === group.pid) members.push(pid);
    // What is older than the browser was not started by it.
    else if (Number(stat.start) >= since && commandLine(pid).includes(group.folder)) strays.push(pid);
  }
  return { members, strays };
}

/** A zombie holds nothing but its number. */
const isOver = (state: string): boolean => state === 'Z' || state === 'X';

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Resolves when none of them is there any more, or it is time to look at the whole list. */
async function ended(pids: readonly number[]): Promise<void> {
  const until = performance.now() + listMs;
  while (performance.now() < until) {
    await sleep(pollMs);
    if (pids.every((pid) => isOver(readProcStat(pid)?.state ?? 'X'))) return;
  }
}

function signal(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended between the look and the signal.
    return false;
  }
}
