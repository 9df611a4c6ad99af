/** @typedef {{ did: string } | { skipped: string }} StepOutcome */

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Runs one step of the set-up and says in one line what it did or why it did nothing, so that a second start explains its speed.
 * @param {string} name
 * @param {() => Promise<StepOutcome> | StepOutcome} work
 */
export async function step(name, work) {
  const started = performance.now();
  const outcome = await work();
  const time = seconds(performance.now() - started);
  console.log('did' in outcome ? `  done     ${name}: ${outcome.did} (${time})` : `  skipped  ${name}: ${outcome.skipped} (${time})`);
}

/** A failure whose message is all the person needs; the scripts print it without a stack. */
export class SetupError extends Error {}

/**
 * The `main` of a script: one clear line instead of a stack for what the person can repair.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
