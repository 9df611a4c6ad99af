import { readFileSync, readdirSync } from 'node:fs';

/** What a process group has used up to now. */
export interface ProcessUsage {
  /** CPU milliseconds, of children that have ended too where their parent waited for them. */
  readonly cpuMs: number;
  /** Sum of each live process's own highest resident size. An upper bound: shared pages count in each. */
  readonly peakBytes: number;
  readonly processes: number;
}

/** Linux counts CPU time in ticks of 10 ms for user space on every architecture it runs on (USER_HZ). */
const msPerTick = 10;

/** Reads /proc for every process of the group. `undefined` off Linux and where none is left. */
export function usageOf(group: number): ProcessUsage | undefined {
  if (process.platform !== 'linux') return undefined;
  let ticks = 0;
  let peakBytes = 0;
  let processes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Counted from the last ")": the command name before it may hold spaces and brackets. proc(5)
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
      if (fields[2] !== group) continue;
      ticks += fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
      peakBytes += 1024 * Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      processes += 1;
    } catch {
      // It has ended between the listing and the look.
    }
  }
  return processes === 0 ? undefined : { cpuMs: ticks * msPerTick, peakBytes, processes };
}
