// npm run soak -- NAME [options]; "browser [--count N] [--isolation process|context] [--json]"
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // With --json nothing but the object may reach stdout: the set-up speaks on stderr.
  const log = console.log;
  if (args.includes('--json')) console.log = console.error;
  await setUp({ build: false });
  console.log = log;
  return (await runCommand(productNode(), ['--expose-gc', inRoot('test', 'soak', 'main.ts'), ...args], { env: productEnv(), timeoutMs: 6 * 60 * 60_000 })).code;
});
