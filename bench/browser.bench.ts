import { cycles } from './browser/cycles.ts';
import { crowd } from './browser/crowd.ts';

/** Throwaway browsers against Playwright and plain Puppeteer: the same programs, the same page, in turns, in one run. */
export default async function browser() {
  return [...(await cycles()), ...(await crowd())];
}
