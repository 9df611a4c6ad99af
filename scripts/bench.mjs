// npm run bench -- NAME [--json]
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runCommand } from './lib/run.mjs';
import { runMain, SetupError } from './lib/steps.mjs';
import { setUpFor } from './lib/set-up-for.mjs';

const suffix = '.bench.ts';
const names = () => (existsSync(inRoot('bench')) ? readdirSync(inRoot('bench')).filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length)).sort() : []);

await runMain(async () => {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  const [name] = positionals;
  if (name === undefined || !names().includes(name)) {
    throw new SetupError(`Usage: npm run bench -- NAME [--json]\nBenchmarks: ${names().join(', ') || 'none yet'}`);
  }
  await setUpFor(process.argv.slice(2));
  const args = [inRoot('scripts', 'lib', 'bench-runner.mjs'), inRoot('bench', `${name}${suffix}`), ...(values.json ? ['--json'] : [])];
  return (await runCommand(productNode(), args, { env: productEnv(), timeoutMs: 60 * 60_000 })).code;
});
