import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSandboxFiles } from '../test/helpers/sandbox.ts';
import { finish, taskTest } from '../test/helpers/tasks.ts';

const rounds = 12;
const files = 2000;

/**
 * How long the first request of a task takes to leave in a workspace of 2,000 files, from the start of the task to its arrival at a real server, and how many
 * tokens it has. The peers are the two limits that it has to stay under.
 */
export default async function context() {
  using sandbox = await buildSandboxFiles();
  const arrived: number[] = [];
  const sizes: number[] = [];
  let budget = 0;
  for (let round = -2; round < rounds; round++) {
    let began = 0;
    let took = 0;
    await using test = await taskTest(sandbox, { 'AGENTS.md': 'Use tabs.\n', '.gitignore': 'out/\n' }, () => {
      took = performance.now() - began;
      return finish('ok');
    });
    for (let i = 0; i < files; i++) {
      const folder = join(test.workspace, 'src', `part${i % 40}`, `deep${i % 7}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `module${i}.ts`), `export const value${i} = ${i};\n`.repeat(40));
    }
    began = performance.now();
    const { outcome } = await test.task('Why is the cart of @file:src/part1/deep1/module1.ts wrong? See @folder:src/part2.');
    const sent = await test.runtime.sentContext(outcome.id);
    if (round < 0 || sent === undefined) continue;
    arrived.push(took);
    sizes.push(sent.tokens);
    budget = sent.budgetTokens;
  }
  const worst = (values: readonly number[]) => Math.max(...values);
  return [
    { bench: `first request, ${files} files, worst`, unit: 'ms', ours: worst(arrived), peer: 1000, peerName: 'limit: 1 s after the start', ratio: worst(arrived) / 1000, n: rounds },
    { bench: `context of it, ${files} files, largest`, unit: 'tokens', ours: worst(sizes), peer: budget, peerName: 'its budget of tokens', ratio: worst(sizes) / budget, n: rounds },
  ];
}
