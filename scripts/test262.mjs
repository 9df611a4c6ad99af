// npm run test262: the whole of both suites. See docs/sandbox.md.
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain, step } from './lib/steps.mjs';
import { ensureTest262 } from './lib/test262-suite.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp({ build: false, browser: false });
  await step('test262', ensureTest262);
  return (await runCommand(productNode(), [inRoot('test', 'test262', 'main.ts')], { env: productEnv(), timeoutMs: 60 * 60_000 })).code;
});
