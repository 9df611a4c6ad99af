import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { buildSandboxFiles, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';
import { compare } from '../../test262/parser/compare.ts';
import { parserPrograms } from '../../test262/parser/programs.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

/** A generator's bare `yield` before a closing bracket: what takes the types away does not know it. */
const lostAsTypeScript = ['pass/177fef3d002eb873.js', 'pass/1ef3bdd7e919cca8.js', 'pass/901fca17189cd709.js', 'pass/b86b0122e80c330e.js', 'pass/beb4cc5812ec1eed.js'];

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])("TC39's parser tests in a sandbox of %s", (engine) => {
  it('lose none that the engine alone compiles, and all that are about modules end as the suite says', async () => {
    await using factory = sandboxFactory(files, engine);
    const { modules, scripts, lost, letIn } = await compare(factory, engine, parserPrograms(), 'js');
    expect({ lost, letIn }).toEqual({ lost: [], letIn: [] });
    expect(modules.total).toBeGreaterThan(180);
    expect(modules.ours).toBeGreaterThanOrEqual(modules.plain);
    expect(scripts.ours).toBe(scripts.plain);
    expect(scripts.total).toBeGreaterThan(1900);
  }, 180_000);

  it('lose five as TypeScript, all of one kind, and none by the sandbox', async () => {
    await using factory = sandboxFactory(files, engine);
    const { lost } = await compare(factory, engine, parserPrograms().filter(({ passes }) => passes), 'ts');
    expect(lost).toEqual(lostAsTypeScript);
  }, 180_000);
});
