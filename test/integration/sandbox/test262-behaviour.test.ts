import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchedTest262, test262Folder } from '../../../scripts/lib/test262-suite.mjs';
import { everyCase } from '../../helpers/depth.ts';
import { buildSandboxFiles, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';
import { compareBehaviour } from '../../test262/behaviour/compare.ts';
import { endInSandbox } from '../../test262/behaviour/in-sandbox.ts';
import { passes, testProgram } from '../../test262/behaviour/program.ts';
import { folders, sample } from '../../test262/behaviour/selection.ts';
import { readTest, testNames } from '../../test262/behaviour/test-file.ts';

const fetched = fetchedTest262();
if (fetched === undefined) console.warn('test262 did not run: it is not here. "npm run test262" fetches it from a source package of Debian.');

/** Of some 28,000, at even distances; `npm run test262` takes all. */
const tests = everyCase ? 2000 : 500;

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

describe.skipIf(fetched === undefined)('test262 in a sandbox', () => {
  it('loses no test of a sample over all folders that quickjs-emscripten alone passes', async () => {
    await using factory = sandboxFactory(files);
    const { total, ours, plain, lost } = await compareBehaviour(factory, test262Folder, sample(testNames(test262Folder, folders), tests));
    expect(lost).toEqual([]);
    expect(total).toBeGreaterThan(tests * 0.9);
    expect(plain / total).toBeGreaterThan(0.95);
    expect(ours).toBeGreaterThanOrEqual(plain);
  }, 180_000);

  it('sees a test fail whose subject is broken, and one that says that it must not be valid', async () => {
    await using factory = sandboxFactory(files);
    const test = readTest(test262Folder, 'built-ins/Array/prototype/indexOf/15.4.4.14-9-1.js');
    const broken = { ...test, source: `Array.prototype.indexOf = () => -1;\n${test.source}` };
    const end = async (one: typeof test) => passes(one, await endInSandbox(factory, testProgram(test262Folder, one)));
    expect(await end(test)).toBe(true);
    expect(await end(broken)).toBe(false);
    expect(await end({ ...test, metadata: { ...test.metadata, negative: { phase: 'runtime', type: 'TypeError' } } })).toBe(false);
  });
});
