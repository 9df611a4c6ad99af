// What TC39's tests say of a sandbox, beside what they say of an engine alone. See docs/sandbox.md.
import { fetchedTest262, test262Folder } from '../../scripts/lib/test262-suite.mjs';
import type { EngineName } from '../../src/sandbox/protocol.ts';
import { buildSandboxFiles, sandboxFactory } from '../helpers/sandbox.ts';
import { compareBehaviour, type BehaviourComparison } from './behaviour/compare.ts';
import { folders } from './behaviour/selection.ts';
import { testNames } from './behaviour/test-file.ts';
import { compare } from './parser/compare.ts';
import { parserPrograms } from './parser/programs.ts';

using files = await buildSandboxFiles();
const engines: readonly EngineName[] = ['quickjs-wasi', 'quickjs-emscripten'];
const share = ({ total, ours, plain }: { readonly total: number; readonly ours: number; readonly plain: number }) => `ours ${ours}, plain ${plain} of ${total}`;

async function parserTests(engine: EngineName): Promise<void> {
  const programs = parserPrograms();
  await using factory = sandboxFactory(files, engine);
  for (const extension of ['js', 'ts'] as const) {
    const { modules, scripts, lost, letIn } = await compare(factory, engine, programs, extension);
    console.log(`Parser tests, ${engine}, as .${extension}: modules as the suite expects: ${share(modules)}; scripts that compile as modules: ${share(scripts)}; lost ${lost.length}, let in ${letIn.length}`);
    for (const name of lost) console.log(`  lost ${name}`);
    for (const name of letIn) console.log(`  let in ${name}`);
    if (extension === 'js' && lost.length > 0) process.exitCode = 1;
  }
}

async function behaviourTests(engine: EngineName): Promise<void> {
  await using factory = sandboxFactory(files, engine);
  const names = testNames(test262Folder, folders);
  print(engine, await compareBehaviour(factory, test262Folder, names, (done) => void (done % 2000 === 0 && console.log(`  ${done} done`))));
}

function print(engine: EngineName, result: BehaviourComparison): void {
  const { lost, won, leftOut } = result;
  console.log(`test262 (${fetchedTest262()}), ${engine} against quickjs-emscripten alone: ${share(result)} pass; lost ${lost.length}, won ${won.length}`);
  console.log(`  left out: ${[...leftOut].map(([why, count]) => `${why} ${count}`).join(', ')}`);
  for (const { name, end } of lost) console.log(`  lost ${name}: ${end.threw ?? (end.printed.join(' ') || 'never done')}`);
  if (lost.length > 0) process.exitCode = 1;
}

for (const engine of engines) await parserTests(engine);
for (const engine of engines) await behaviourTests(engine);
