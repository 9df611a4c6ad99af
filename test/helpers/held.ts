import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const gibibyte = 1024 ** 2;

/** V8 sets aside at least so much address space for each WASM memory, whatever its size. In GiB. */
export const perMemory = 4;

/** What this process holds, by the system's own record of it. Linux only. */
export interface Held {
  /** WASM memories, told by the address space that they take. */
  readonly addressSpaceGiB: number;
  readonly threads: number;
  readonly timers: number;
}

export function held(): Held {
  const kibibytes = Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  return { addressSpaceGiB: kibibytes / gibibyte, threads: readdirSync('/proc/self/task').length, timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length };
}

/** What is held now and was not before, in words; the system takes a moment to clear away a thread that has ended. */
export async function leftSince(before: Held): Promise<readonly string[]> {
  for (let waited = 0; ; waited += 50) {
    const now = held();
    const left = [
      ...(now.addressSpaceGiB - before.addressSpaceGiB < perMemory / 2 ? [] : [`${(now.addressSpaceGiB - before.addressSpaceGiB).toFixed(1)} GiB of address space, where a memory takes ${perMemory}`]),
      ...(now.threads <= before.threads ? [] : [`${now.threads - before.threads} threads`]),
      ...(now.timers <= before.timers ? [] : [`${now.timers - before.timers} timers`]),
    ];
    if (left.length === 0 || waited >= 5000) return left;
    await sleep(50);
  }
}
