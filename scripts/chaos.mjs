// npm run chaos [-- --runs 200 --seed N --hosts 4 --json]
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // With --json nothing but the document may reach stdout: the set-up speaks on stderr.
  const log = console.log;
  if (args.includes('--json')) console.log = console.error;
  await setUp();
  console.log = log;
  return (await runCommand(productNode(), [inRoot('test', 'chaos', 'main.ts'), ...args], { env: productEnv(), timeoutMs: 60 * 60_000 })).code;
});
