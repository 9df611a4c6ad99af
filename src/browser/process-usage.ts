import { readFile } from 'node:fs/promises';
import { groupMembers, readProcStat } from '../run/process-identity.ts';

export interface UsageSample {
  /** CPU time of all processes of the group so far, those that have ended and were waited for included. */
  readonly cpuMs: number;
  /** Memory of the group right now: shared pages are counted once (PSS), or, where the kernel hides that, once for each process (RSS). */
  readonly memoryBytes: number;
  readonly processes: number;
  /** How many of the processes could only be counted by RSS. */
  readonly byRss: number;
}

/** Reads what a process group uses. `undefined` where the platform has no /proc, or the group has ended. */
export async function sampleUsage(group: number): Promise<UsageSample | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pids = await groupMembers(group);
  const each = (await Promise.all(pids.map(usageOf))).filter((usage) => usage !== undefined);
  if (each.length === 0) return undefined;
  return {
    cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    memoryBytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
    processes: each.length,
    byRss: each.filter(({ rss }) => rss).length,
  };
}

async function usageOf(pid: number): Promise<{ cpuMs: number; bytes: number; rss: boolean } | undefined> {
  const stat = readProcStat(pid);
  if (stat === undefined) return undefined;
  const pss = await kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m);
  return { cpuMs: stat.cpuMs, bytes: (pss ?? (await kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m)) ?? 0) * 1024, rss: pss === undefined };
}

async function kilobytes(file: string, line: RegExp): Promise<number | undefined> {
  const found = line.exec(await readFile(file, 'utf8').catch(() => ''))?.[1];
  return found === undefined ? undefined : Number(found);
}
