import { setUp } from '../setup.mjs';

/**
 * Sets up, without building the product, for a program with these arguments. With --json nothing but its result may reach stdout: then the set-up speaks on stderr.
 * @param {readonly string[]} args
 */
export async function setUpFor(args) {
  const log = console.log;
  if (args.includes('--json')) console.log = console.error;
  await setUp({ build: false });
  console.log = log;
}
