import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { randomNumbers } from '../../fuzz/random.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
let factory: SandboxFactory;
beforeAll(async () => {
  files = await buildSandboxFiles();
  factory = sandboxFactory(files);
});
afterAll(async () => {
  await factory[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

/** One call after the other, two at a time now and then. */
const source = `import { call } from 'assassin';
export default async (count) => {
  const values = [];
  for (let i = 0; i < count; i++) values.push(...(i % 7 === 0 ? await Promise.all([call('x', i), call('x', -i)]) : [await call('x', i)]));
  return values;
};`;

it.each([1, 2, 3])('a guest that is woken ahead, in time, in vain or again has each answer once (seed %i)', async (seed) => {
  const below = randomNumbers(seed);
  const count = 150;
  let value: unknown;
  const { outcome } = await withRun([], async (scope) => {
    await using lease = await factory.lease(scope, 'guest');
    const sandbox: Sandbox = lease.resource;
    sandbox.answerIsNear();
    const call = async (_name: string, args: unknown) => {
      if (below(3) > 0) sandbox.answerIsNear();
      for (let left = below(4); left > 0; left--) await turn();
      if (below(3) === 0) sandbox.answerIsNear();
      return args as number;
    };
    const program = { modules: new Map([['main.js', source], ['assassin', "export { call } from 'assassin:host';"]]), entry: 'main.js', call: 'default', args: [count], clock: 'real', random: 'real' } as const;
    value = (await sandbox.run(program, { call, console: () => undefined }, scope.signal)).value;
    sandbox.answerIsNear();
    return null;
  });
  expect(outcome.error).toBeUndefined();
  expect(value).toEqual(Array.from({ length: count }, (_, i) => (i % 7 === 0 ? [i, i === 0 ? 0 : -i] : [i])).flat());
});
