export function add(a: number, b: number): number {
  return a + b;
}

export const mean = (values: readonly number[]): number => values.reduce(add, 0) / values.length;
