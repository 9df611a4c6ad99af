import type { NanoUsd } from '../../shared/usage-report.ts';

/** To the nearest billionth of a dollar; exact to about nine million dollars. */
export function toNano(usd: number): NanoUsd {
  const nano = Math.round(usd * 1e9);
  if (!Number.isSafeInteger(nano)) throw new RangeError(`${usd} dollars cannot be kept in billionths`);
  // Minus zero would be printed as "-0".
  return nano + 0;
}

/** All nine digits after the point, without any float: what is printed adds up to what is printed. */
export function nanoText(nano: NanoUsd): string {
  const digits = String(Math.abs(nano)).padStart(10, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
