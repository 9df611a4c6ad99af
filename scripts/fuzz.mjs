// npm run fuzz [-- --calls N] [--seed S] [--round R] [--engine NAME]
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp({ build: false });
  return (await runCommand(productNode(), [inRoot('test', 'fuzz', 'main.ts'), ...process.argv.slice(2)], { env: productEnv(), timeoutMs: 24 * 60 * 60_000 })).code;
});
