// The fuzzer from the command line: any number of calls, and any failing round again. See docs/sandbox.md.
import { parseArgs } from 'node:util';
import { buildSandboxFiles, sandboxFactory } from '../helpers/sandbox.ts';
import { fuzzBoundary } from './boundary.ts';

const usage = 'Usage: npm run fuzz [-- --calls N] [--seed S] [--round R] [--engine quickjs-wasi|quickjs-emscripten]';
const mebibyte = 1024 * 1024;

const { values } = parseArgs({ options: { calls: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, round: { type: 'string' }, engine: { type: 'string', default: 'quickjs-wasi' } } });
const [calls, seed, round] = [values.calls, values.seed, values.round].map((text) => (text === undefined ? undefined : Number(text)));
const { engine } = values;
if (!Number.isSafeInteger(calls) || !Number.isSafeInteger(seed) || (round !== undefined && !Number.isSafeInteger(round)) || (engine !== 'quickjs-wasi' && engine !== 'quickjs-emscripten')) {
  console.error(usage);
  process.exit(2);
}

using files = await buildSandboxFiles();
await using factory = sandboxFactory(files, engine);
const started = performance.now();
const memory = () => `${Math.round(process.memoryUsage.rss() / mebibyte)} MiB`;
let toldAt = started;
const report = await fuzzBoundary(factory, {
  calls: calls ?? 0, seed: seed ?? 1, ...(round === undefined ? {} : { round }),
  onRound({ rounds, calls: done, problems }) {
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    console.log(`${done} calls in ${rounds} rounds, ${problems.length} problems, ${memory()}`);
  },
});
console.log(`${report.calls} calls in ${report.rounds} rounds and ${Math.round((performance.now() - started) / 1000)} s, ${report.refused} more refused in the guest; ends: ${JSON.stringify(report.ends)}; ${memory()}`);
for (const problem of report.problems) console.log(`PROBLEM ${problem}`);
process.exitCode = report.problems.length > 0 ? 1 : 0;
