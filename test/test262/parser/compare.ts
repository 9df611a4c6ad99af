import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { compileInSandboxes } from './our-pipeline.ts';
import { compilePlain } from './plain-engines.ts';
import type { ParserProgram } from './programs.ts';

export interface Comparison {
  /** Tests of modules, of which the suite says whether they are valid. */
  readonly modules: { readonly total: number; readonly ours: number; readonly plain: number };
  /** Programs that are valid as scripts, tried as modules: how many compile. */
  readonly scripts: { readonly total: number; readonly ours: number; readonly plain: number };
  /** Valid programs that the plain engine compiles and a sandbox does not. */
  readonly lost: readonly string[];
  /** Invalid modules that the plain engine refuses and a sandbox does not. */
  readonly letIn: readonly string[];
}

/** Holds a sandbox, with all that comes before its engine, against that engine alone. */
export async function compare(factory: SandboxFactory, engine: EngineName, programs: readonly ParserProgram[], extension: 'js' | 'ts'): Promise<Comparison> {
  const sources = programs.map(({ source }) => source);
  const plain = await compilePlain[engine](sources);
  const ours = await compileInSandboxes(factory, sources, extension);
  const rows = programs.map((program, i) => ({ ...program, ours: ours[i] === true, plain: plain[i] === true }));
  const modules = rows.filter(({ valid }) => valid !== undefined);
  const scripts = rows.filter(({ valid, passes }) => valid === undefined && passes);
  return {
    modules: { total: modules.length, ours: modules.filter((row) => row.ours === row.valid).length, plain: modules.filter((row) => row.plain === row.valid).length },
    scripts: { total: scripts.length, ours: scripts.filter((row) => row.ours).length, plain: scripts.filter((row) => row.plain).length },
    lost: rows.filter((row) => row.passes && row.plain && !row.ours).map(({ name }) => name),
    letIn: rows.filter((row) => row.valid === false && !row.plain && row.ours).map(({ name }) => name),
  };
}
