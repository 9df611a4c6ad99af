/**
 * US dollars with enough digits to see a tiny amount: cents from one dollar up, three significant digits below. Digits are cut off,
 * never rounded up: a saving is never shown larger than it is.
 */
export function formatUsd(amount: number): string {
  if (!Number.isFinite(amount)) return 'unpriced';
  if (amount === 0) return '$0';
  const size = Math.abs(amount);
  const decimals = size >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size)));
  // Twelve significant digits first: 0.29 is stored as 0.28999..., and must not lose a cent to that.
  const [whole = '0', fraction = ''] = Number(size.toPrecision(12)).toFixed(15).split('.');
  const digits = fraction.slice(0, decimals);
  const shown = size >= 1 ? `${whole}.${digits}` : `0.${digits.replace(/0+$/, '').padEnd(2, '0')}`;
  if (Number(shown) === 0) return 'less than $0.000000000001';
  return `${amount < 0 ? '-' : ''}$${shown}`;
}
