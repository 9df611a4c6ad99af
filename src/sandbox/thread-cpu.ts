import { readFileSync, readlinkSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { cpuIsMeasured } from './cpu-clock.ts';

declare module 'node:worker_threads' {
  interface Worker {
    /** Node 24.6 and newer; microseconds. Asks the thread itself, also in the middle of what it does. */
    cpuUsage?(): Promise<NodeJS.CpuUsage>;
  }
}

/** The system's number of the calling thread; 0 where it cannot be told. */
export function systemThread(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}

/** CPU milliseconds of a worker thread since it began, seen from outside; `undefined` where the platform cannot tell. Time in which it waited for a core is not in it. */
export async function cpuMsOf(worker: Worker, thread: number): Promise<number | undefined> {
  // Otherwise what the thread says of itself is on another clock.
  if (!cpuIsMeasured) return undefined;
  return fromSystem(thread) ?? await fromThread(worker);
}

/** Linux: the first number is nanoseconds on a core. */
function fromSystem(thread: number): number | undefined {
  if (thread === 0) return undefined;
  try {
    const nanoseconds = Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    return nanoseconds > 0 ? nanoseconds / 1e6 : undefined;
  } catch {
    return undefined;
  }
}

async function fromThread(worker: Worker): Promise<number | undefined> {
  try {
    const usage = await worker.cpuUsage?.();
    return usage === undefined ? undefined : (usage.user + usage.system) / 1000;
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
