import type { NanoUsd } from '../../shared/usage-report.ts';

/** To the nearest billionth of a dollar; exact to about nine million dollars. */
export function toNano(usd: number): NanoUsd {
  const nano = Math.round(usd * 1e9);
  if (!Number.isSafeInteger(nano)) throw new RangeError(`${usd} dollars cannot be kept in billionths`);
  // Minus zero would be printed as "-0".
  return nano + 0;
}
