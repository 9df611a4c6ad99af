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

/** Linux writes a thread's time down when it gets or loses its core and at each tick, up to 4 ms apart. Asking for the time of the whole process brings the caller's up to date. */
const isWrittenLate = process.platform === 'linux';

/**
 * CPU milliseconds of the calling thread since it began. Where the platform cannot tell, time in which the thread's event loop was
 * not idle stands in: good enough to enforce a limit, but it counts waiting for a busy core, so it is not reported as measured.
 */
function threadCpuMs(): number {
  if (isWrittenLate) process.cpuUsage();
  const usage = process.threadCpuUsage?.();
  return usage === undefined ? performance.eventLoopUtilization().active : (usage.user + usage.system) / 1000;
}

/** CPU time of a guest: that of its thread since the guest came there, and what it used in others before. Only whoever has a thread to itself can be measured so. */
export class CpuMeter {
  #threadMs = threadCpuMs();
  /** What of it is not the guest's. */
  #othersMs: number;

  constructor(usedBeforeMs: number) {
    this.#othersMs = this.#threadMs - usedBeforeMs;
  }

  /** What the guest had used when it was last read. */
  get usedMs(): number {
    return this.#threadMs - this.#othersMs;
  }

  /** What the thread had used then. */
  get threadMs(): number {
    return this.#threadMs;
  }

  /** Several microseconds: far from free. */
  read(): number {
    this.#threadMs = threadCpuMs();
    return this.usedMs;
  }

  /** The guest has waited since the last reading. That takes no CPU time, but where something stands in for it, what goes by is not the guest's. */
  skip(): void {
    if (cpuIsMeasured) return;
    const { usedMs } = this;
    this.#othersMs += this.read() - usedMs;
  }
}
