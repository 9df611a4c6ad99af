// What of TC39's parser tests a sandbox compiles, beside what its engine compiles alone. See docs/sandbox.md.
import type { EngineName } from '../../src/sandbox/protocol.ts';
import { buildSandboxFiles, sandboxFactory } from '../helpers/sandbox.ts';
import { compare } from './compare.ts';
import { parserPrograms } from './programs.ts';

const programs = parserPrograms();
using files = await buildSandboxFiles();
const share = ({ total, ours, plain }: { readonly total: number; readonly ours: number; readonly plain: number }) => `ours ${ours}, plain ${plain} of ${total}`;
for (const engine of ['quickjs-wasi', 'quickjs-emscripten'] satisfies EngineName[]) {
  await using factory = sandboxFactory(files, engine);
  for (const extension of ['js', 'ts'] as const) {
    const { modules, scripts, lost, letIn } = await compare(factory, engine, programs, extension);
    console.log(`${engine}, as .${extension}: modules as the suite expects: ${share(modules)}; scripts that compile as modules: ${share(scripts)}; lost ${lost.length}, let in ${letIn.length}`);
    for (const name of lost) console.log(`  lost ${name}`);
    for (const name of letIn) console.log(`  let in ${name}`);
    if (extension === 'js' && lost.length > 0) process.exitCode = 1;
  }
}
