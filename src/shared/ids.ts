const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

let last = 0;
/** All but the last character of the time, and what it was made of: it stays the same for 32 ids in a row. */
let beginning = '';
let beginningOf = -1;
/** Random bytes drawn beforehand: a run makes ids by the thousand, and each draw by itself costs more than the id. */
const pool = new Uint8Array(1024);
let used = pool.length;

/**
 * `prefix_` + 9 characters of time + 8 random ones: sorts by creation, safe in file names, flags and URLs. Two of the same millisecond, or made
 * after the clock was set back, get later times than they have, so that the order holds within one program.
 */
export function newId(prefix: string, now: number = Date.now()): string {
  last = Math.max(now, last + 1);
  const whole = Math.floor(last / 32);
  if (whole !== beginningOf) {
    beginning = '';
    for (let rest = whole, i = 0; i < 8; i++, rest = Math.floor(rest / 32)) beginning = alphabet[rest % 32] + beginning;
    beginningOf = whole;
  }
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  let tail = alphabet[last % 32]!;
  for (const end = used + 8; used < end; used++) tail += alphabet[pool[used]! % 32];
  return `${prefix}_${beginning}${tail}`;
}
