export interface IdleMinute {
  /** Counted from 1 in each phase. */
  readonly minute: number;
  /** A window `without` the extension, one `with` it, and that one `profiled`, which uses some of the processor itself. */
  readonly phase: 'without' | 'with' | 'profiled';
  /** Of one processor: what the whole extension host has used, other extensions included. */
  readonly cpuShare: number;
  /** Of one processor, by the samples of the profiler: what has the extension's own code on its stack. Only where it is profiled. */
  readonly ownShare?: number;
  /** The JavaScript heap with what it holds outside, after a collection that is not in the share. */
  readonly heapMiB: number;
  readonly residentMiB: number;
}

export interface IdleVerdict {
  /** Shares of the median minutes, and what the one is more than the other in those minutes in which both windows stood open. */
  readonly without: number;
  readonly median: number;
  readonly more: number;
  readonly profiledOwn: number;
  /** From the mean of the first third of the minutes to that of the last. */
  readonly heapGrownMiB: number;
  readonly residentGrownMiB: number;
  readonly met: boolean;
}

export const profiledMinutes = 2;
/** What an idle extension may use of a processor. */
export const maxCpuShare = 0.005;
/** More than what the last third may hold beyond the first: an hour of a leak of 100 bytes a second is less, one of a kilobyte is not. */
export const maxHeapGrowthMiB = 2;

export function idleVerdict(minutes: readonly IdleMinute[]): IdleVerdict {
  const of = (phase: IdleMinute['phase']) => minutes.filter((minute) => minute.phase === phase);
  const active = of('with');
  const shares = active.map(({ cpuShare }) => cpuShare);
  const alone = of('without').map(({ cpuShare }) => cpuShare);
  const [without, median] = [middle(alone), middle(shares)];
  const more = middle(shares.slice(0, alone.length)) - without;
  const profiledOwn = middle(of('profiled').map(({ ownShare = Number.NaN }) => ownShare));
  const [heapGrownMiB, residentGrownMiB] = [grown(active.map(({ heapMiB }) => heapMiB)), grown(active.map(({ residentMiB }) => residentMiB))];
  // Where other extensions are busier in one phase than in the other, the difference says nothing: the profiler knows whose code it was.
  return { without, median, more, profiledOwn, heapGrownMiB, residentGrownMiB, met: profiledOwn < maxCpuShare && heapGrownMiB < maxHeapGrowthMiB };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

function grown(values: readonly number[]): number {
  const third = Math.max(1, Math.floor(values.length / 3));
  const mean = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / some.length;
  return mean(values.slice(-third)) - mean(values.slice(0, third));
}
