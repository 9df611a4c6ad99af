// npm run soak -- NAME [options]; "browser [--count N] [--isolation process|context] [--json]"
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain } from './lib/steps.mjs';
import { setUpFor } from './lib/set-up-for.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUpFor(args, { build: false });
  // Left to itself, V8 gives young objects more room by steps of some 30 MiB, hours apart: what is resident would say nothing about what is kept.
  return (await runCommand(productNode(), ['--expose-gc', '--max-semi-space-size=1', inRoot('test', 'soak', 'main.ts'), ...args], { env: productEnv(), timeoutMs: 6 * 60 * 60_000 })).code;
});
