// npm run tasks [-- --endpoint URL --model NAME [--key-env VAR]] [--only ID,...] [--json]
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUpFor } from './lib/set-up-for.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUpFor(args, { build: false });
  return (await runCommand(productNode(), [inRoot('test', 'tasks', 'main.ts'), ...args], { env: productEnv(), timeoutMs: 6 * 60 * 60_000 })).code;
});
