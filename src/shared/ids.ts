const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

let last = 0;

/**
 * `prefix_` + 9 characters of time + 8 random ones: sorts by creation, safe in file names, flags and URLs. Two of the same millisecond, or made
 * after the clock was set back, get later times than they have, so that the order holds within one program.
 */
export function newId(prefix: string, now: number = Date.now()): string {
  last = Math.max(now, last + 1);
  let time = '';
  for (let rest = last, i = 0; i < 9; i++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
  const random = crypto.getRandomValues(new Uint8Array(8));
  let tail = '';
  for (const byte of random) tail += alphabet[byte % 32];
  return `${prefix}_${time}${tail}`;
}
