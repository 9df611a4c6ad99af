// npm run test262
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp({ build: false });
  return (await runCommand(productNode(), [inRoot('test', 'test262', 'main.ts')], { env: productEnv(), timeoutMs: 30 * 60_000 })).code;
});
