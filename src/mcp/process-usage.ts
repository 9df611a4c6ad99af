import { readFileSync, readdirSync } from 'node:fs';
import { readProcStat } from '../run/process-identity.ts';

/** What a process group has used up to now. */
export interface ProcessUsage {
  /** CPU milliseconds, of children that have ended too where their parent waited for them. */
  readonly cpuMs: number;
  /** Sum of each live process's own highest resident size. An upper bound: shared pages count in each. */
  readonly peakBytes: number;
  readonly processes: number;
}

/** Reads /proc for every process of the group. `undefined` off Linux and where none is left. */
export function usageOf(group: number): ProcessUsage | undefined {
  if (process.platform !== 'linux') return undefined;
  let cpuMs = 0;
  let peakBytes = 0;
  let processes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    const stat = readProcStat(pid);
    if (stat?.group !== group) continue;
    cpuMs += stat.cpuMs;
    peakBytes += highestResident(pid);
    processes += 1;
  }
  return processes === 0 ? undefined : { cpuMs, peakBytes, processes };
}

function highestResident(pid: number): number {
  try {
    return 1024 * Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    // It has ended between the two looks.
    return 0;
  }
}
