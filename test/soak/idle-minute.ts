export interface IdleMinute {
  /** 0 is the minute before the extension is activated. */
  readonly minute: number;
  readonly active: boolean;
  /** Of one processor: what the whole extension host has used, other extensions included. */
  readonly cpuShare: number;
  /** The JavaScript heap with what it holds outside, not collected before. */
  readonly heapMiB: number;
  readonly residentMiB: number;
}

/** What an idle extension may use of a processor, beyond what its host uses without it. */
export const maxCpuShare = 0.005;

export function idleVerdict(minutes: readonly IdleMinute[]): { readonly without: number; readonly median: number; readonly own: number; readonly met: boolean; readonly grownMiB: number } {
  const [first, ...active] = minutes;
  const shares = active.map(({ cpuShare }) => cpuShare).toSorted((a, b) => a - b);
  const median = shares[Math.floor((shares.length - 1) / 2)] ?? Number.NaN;
  const without = first?.cpuShare ?? Number.NaN;
  const own = Math.max(0, median - without);
  return { without, median, own, met: own < maxCpuShare, grownMiB: (active.at(-1)?.residentMiB ?? Number.NaN) - (active[0]?.residentMiB ?? Number.NaN) };
}
