import { readFile } from 'node:fs/promises';
import { groupMembers } from '../run/process-identity.ts';

export interface UsageSample {
  /** CPU time of all processes of the group so far, those that have ended and were waited for included. */
  readonly cpuMs: number;
  /** Memory of the group right now: shared pages are counted once (PSS), or, where the kernel hides that, once for each process (RSS). */
  readonly memoryBytes: number;
  readonly processes: number;
  /** How many of the processes could only be counted by RSS. */
  readonly byRss: number;
}

/** USER_HZ is 100 on every Linux architecture that Node supports. */
const msPerTick = 10;

/** Reads what a process group uses. `undefined` where the platform has no /proc, or the group has ended. */
export async function sampleUsage(group: number): Promise<UsageSample | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pids = await groupMembers(group);
  const each = (await Promise.all(pids.map(usageOf))).filter((usage) => usage !== undefined);
  if (each.length === 0) return undefined;
  return {
    cpuMs: each.reduce((sum, { ticks }) => sum + ticks, 0) * msPerTick,
    memoryBytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
    processes: each.length,
    byRss: each.filter(({ rss }) => rss).length,
  };
}

async function usageOf(pid: number): Promise<{ ticks: number; bytes: number; rss: boolean } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime, stime, and the same of children that have ended and were waited for.
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
    const pss = await kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m);
    return { ticks, bytes: (pss ?? (await kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m)) ?? 0) * 1024, rss: pss === undefined };
  } catch {
    return undefined;
  }
}

async function kilobytes(file: string, line: RegExp): Promise<number | undefined> {
  const found = line.exec(await readFile(file, 'utf8').catch(() => ''))?.[1];
  return found === undefined ? undefined : Number(found);
}
