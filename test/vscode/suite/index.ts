import { appendFileSync } from 'node:fs';
import { spec } from './spec.ts';

/** What VS Code calls: each result is on disk before the next test starts, so a crash of the host loses none. */
export async function run(): Promise<void> {
  const file = process.env['ASSASSIN_SUITE_RESULTS'];
  if (file === undefined) throw new Error('ASSASSIN_SUITE_RESULTS must name the file for the results.');
  const write = (line: unknown) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const results = await spec.run(undefined, { grep: process.env['ASSASSIN_SUITE_GREP'], onResult: write, stopAtFailure: process.env['ASSASSIN_SUITE_STOP'] === '1' });
  write({ done: true });
  const failed = results.filter(({ status }) => status === 'failed').length;
  // Desktop VS Code turns this into its exit code.
  if (failed > 0) throw new Error(`${failed} of ${results.length} tests failed`);
}
