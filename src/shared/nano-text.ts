import type { NanoUsd } from './usage-report.ts';

/** All nine digits after the point, without any float: what is printed adds up to what is printed. */
export function nanoText(nano: NanoUsd): string {
  const digits = String(Math.abs(nano)).padStart(10, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** The same as an exact amount of dollars, without zeros that say nothing: `$0.00123`, `$1.50`. */
export function exactUsd(nano: NanoUsd): string {
  const [whole = '0', fraction = ''] = nanoText(Math.abs(nano)).split('.');
  return `${nano < 0 ? '-' : ''}$${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}
