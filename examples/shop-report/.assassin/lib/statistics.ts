export function sum(values: readonly number[]): number {
  return cents(values.reduce((total, value) => total + value, 0));
}

/** Smallest, middle, mean and ninth tenth (nearest rank) of some amounts. */
export function statistics(values: readonly number[]): { min: number; median: number; mean: number; p90: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, median: cents(median), mean: cents(sum(values) / values.length), p90: sorted[Math.ceil(sorted.length * 0.9) - 1]! };
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
