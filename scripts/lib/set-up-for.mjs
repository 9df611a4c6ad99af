import { setUp } from '../setup.mjs';

/**
 * Sets up for a program with these arguments. With --json nothing but its result may reach stdout: then the set-up speaks on stderr.
 * @param {readonly string[]} args
 * @param {Parameters<typeof setUp>[0]} [what]
 */
export async function setUpFor(args, what) {
  const log = console.log;
  if (args.includes('--json')) console.log = console.error;
  await setUp(what);
  console.log = log;
}
