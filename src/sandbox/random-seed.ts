import { randomBytes } from 'node:crypto';

const seedBytes = 12;
const seedsAtOnce = 64;

/** What programs without the grant for random numbers draw from, the same for all. */
export const standingSeed = '9e3779b9243f6a88b7e15162';

let fresh: Buffer = Buffer.alloc(0);

/** A seed of good random numbers, 24 hexadecimal digits. To ask the system for one takes as long as for many. */
export function randomSeed(): string {
  if (fresh.length === 0) fresh = randomBytes(seedBytes * seedsAtOnce);
  const seed = fresh.toString('hex', 0, seedBytes);
  fresh = fresh.subarray(seedBytes);
  return seed;
}
