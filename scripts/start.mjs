import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

/** `npm start` runs the bundled sample; `npm start -- CHAIN [--input JSON]` runs that chain. */
function cliArguments(/** @type {readonly string[]} */ args) {
  return args.length === 0 || args[0]?.startsWith('-') ? ['sample', ...args] : ['run', ...args];
}

await runMain(async () => {
  await setUp();
  const child = spawn(productNode(), [inRoot('dist', 'cli.js'), ...cliArguments(process.argv.slice(2))], { stdio: 'inherit', env: productEnv() });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends Ctrl+C to the whole group already: passing it on too would count as the second, forceful one.
    process.on(signal, () => { if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal); });
  }
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 1)));
  });
});
