// npm run chaos [-- --runs 200 --seed N --hosts 4 --json]
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUpFor } from './lib/set-up-for.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUpFor(args);
  return (await runCommand(productNode(), [inRoot('test', 'chaos', 'main.ts'), ...args], { env: productEnv(), timeoutMs: 60 * 60_000 })).code;
});
