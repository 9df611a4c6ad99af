import { readFileSync } from 'node:fs';
import { groupMembers, readProcStat } from '../run/process-identity.ts';

export interface UsageSample {
  /** CPU time of all processes of the group so far, those that have ended and were waited for included. */
  readonly cpuMs: number;
  /** Memory of the group right now: what each process has for itself, and once what they map together, which is mostly the program. */
  readonly memoryBytes: number;
  readonly processes: number;
}

/**
 * Reads what a process group uses. `undefined` where the platform has no /proc, or the group has ended. The kernel keeps these numbers ready; proportional
 * set sizes it would have to count page by page, which holds a busy browser up for longer than its whole end takes.
 */
export async function sampleUsage(group: number): Promise<UsageSample | undefined> {
  if (process.platform !== 'linux') return undefined;
  const each = (await groupMembers(group)).map(usageOf).filter((usage) => usage !== undefined);
  if (each.length === 0) return undefined;
  return {
    cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    memoryBytes: each.reduce((sum, { own }) => sum + own, 0) + Math.max(...each.map(({ mapped }) => mapped)),
    processes: each.length,
  };
}

function usageOf(pid: number): { readonly cpuMs: number; readonly own: number; readonly mapped: number } | undefined {
  const stat = readProcStat(pid);
  if (stat === undefined) return undefined;
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { cpuMs: stat.cpuMs, own: bytes('RssAnon'), mapped: bytes('RssFile') + bytes('RssShmem') };
}
