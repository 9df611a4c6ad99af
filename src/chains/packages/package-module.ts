import type { Program } from 'acorn';
import { AssassinError } from '../../shared/errors.ts';
import { readBytes } from '../../workspace/files.ts';
import { importsOf, type ImportUse } from '../imports.ts';
import { hasModuleSyntax, type Names } from './demand.ts';
import type { PackageJsons } from './package-json.ts';
import type { PackageFile, PackageTarget } from './resolve-package.ts';

export type Kind = 'module' | 'commonjs' | 'json';

/** Of one file. What a sandbox can hold is far less. */
const maxBytes = 64 * 1024 * 1024;

/** One file of a package as it becomes part of a program. */
export interface PackageModule {
  readonly file: PackageFile;
  /** Relative to the workspace. */
  readonly name: string;
  readonly source: string;
  readonly kind: Kind;
  readonly tree: Program;
  readonly uses: readonly ImportUse[];
  /** The package says that nothing happens by merely loading it: what nobody uses can be left out. */
  readonly prunable: boolean;
  readonly targets: Map<string, PackageTarget>;
  demand: Names;
  /** It is reached through `export *`, where a name too many would clash. */
  byStar: boolean;
  /** Something loads it with `require`. */
  required: boolean;
}

/** Reads and parses one file. Throws `chain-invalid` where it is nothing that a sandbox can run. */
export async function readPackageModule(file: PackageFile, name: string, jsons: PackageJsons, root: string): Promise<PackageModule> {
  if (!/\.([cm]?js|json)$/.test(file.path)) throw unusable(name, 'is neither JavaScript nor JSON');
  const bytes = await readBytes({ path: file.path, shown: name }, maxBytes).catch(() => {
    throw unusable(name, 'cannot be read');
  });
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const json = await jsons.above(file.path, root);
  const base = { file, name, source, prunable: isFreeOfEffects(json?.data.sideEffects), targets: new Map<string, PackageTarget>(), demand: new Set<string>(), byStar: false, required: false };
  const acorn = await import('acorn');
  const parse = (text: string, sourceType: 'module' | 'script') => acorn.parse(text, { ecmaVersion: 'latest', sourceType, locations: true, allowHashBang: true, allowReturnOutsideFunction: sourceType === 'script' });
  if (file.path.endsWith('.json')) return { ...base, kind: 'json', tree: parse('', 'script'), uses: [] };
  try {
    if (!file.path.endsWith('.cjs')) {
      const tree = parse(source, 'module');
      if (file.path.endsWith('.mjs') || json?.data.type === 'module' || hasModuleSyntax(tree)) return { ...base, kind: 'module', tree, uses: importsOf(tree).filter(({ commonJs }) => !commonJs) };
    }
  } catch {
    // Old CommonJS code need not be valid as a module, where "await" is a keyword.
  }
  try {
    const tree = parse(source, 'script');
    return { ...base, kind: 'commonjs', tree, uses: importsOf(tree) };
  } catch (cause) {
    throw unusable(name, `cannot be parsed: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function isFreeOfEffects(sideEffects: unknown): boolean {
  return sideEffects === false;
}

function unusable(name: string, why: string): AssassinError {
  return new AssassinError('chain-invalid', `${name} ${why}, so the package cannot be part of a program in the sandbox.`, { hint: 'Use another package, or do it with the tools of "assassin".' });
}
