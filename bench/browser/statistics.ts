export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

export interface Row {
  readonly bench: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly ratio: number;
  readonly n: number;
  /** The ratio that is aimed at, and whether it was reached. */
  readonly target?: number;
  readonly met?: boolean;
}

export function row(bench: string, unit: string, ours: readonly number[], peer: readonly number[], peerName: string, target?: number): Row {
  const ratio = median(ours) / median(peer);
  return { bench, unit, ours: median(ours), peer: median(peer), peerName, ratio, n: ours.length, ...(target === undefined ? {} : { target, met: ratio <= target }) };
}
