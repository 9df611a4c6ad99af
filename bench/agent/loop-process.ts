// One loop in a process of its own, as it would really run: nothing that another library has loaded or hooked slows it. Reads `run` from stdin, a line each.
import { createInterface } from 'node:readline';
import { expected, type LoopJob } from './loop-job.ts';
import { loops, type LoopName } from './loops.ts';

const { name, job } = JSON.parse(process.argv[2] ?? '{}') as { readonly name: LoopName; readonly job: LoopJob };
const loop = await loops[name](job);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
say('ready');
for await (const line of createInterface(process.stdin)) {
  if (line !== 'run') continue;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const answer = await loop.run();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  if (answer !== expected(job)) throw new Error(`${name} ended with ${JSON.stringify(answer)}; the comparison would be worth nothing.`);
  say({ wallMs, cpuMs: (user + system) / 1000 });
}
await loop.close?.();
