import { performance } from 'node:perf_hooks';

declare global {
  namespace NodeJS {
    interface Process {
      /** Node 22.15 and newer; microseconds of the calling thread. */
      threadCpuUsage?(): CpuUsage;
    }
  }
}

/** Whether a thread's own CPU time can be read here. */
export const cpuIsMeasured = process.threadCpuUsage !== undefined;

/**
 * CPU milliseconds of the calling thread since it began. Where the platform cannot tell, time in which the thread's event loop was
 * not idle stands in: good enough to enforce a limit, but it counts waiting for a busy core, so it is not reported as measured.
 */
export function threadCpuMs(): number {
  const usage = process.threadCpuUsage?.();
  return usage === undefined ? performance.eventLoopUtilization().active : (usage.user + usage.system) / 1000;
}
