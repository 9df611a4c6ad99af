import type { TestFile } from './test-file.ts';

/** The language and its library. `annexB` is for scripts in web pages, `intl402` for engines that know human languages. */
export const folders = ['language', 'built-ins'];

/** What no guest has, by design: other threads that share memory, other realms, and what test262 itself asks of a host. */
const foreign = new Set(['SharedArrayBuffer', 'Atomics', 'cross-realm', 'tail-call-optimization', 'IsHTMLDDA', 'caller']);
const hostHooks = /\$262\s*\.\s*(?:createRealm|detachArrayBuffer|evalScript|agent)/;
const foreignFolders = /^built-ins\/(?:SharedArrayBuffer|Atomics)\//;
const hookIncludes = new Set(['detachArrayBuffer.js', 'atomicsHelper.js', 'testAtomics.js']);

/** Say of scripts what a module must not do: at its top a function and a `var` of one name are an early error. */
const redeclared = 'language/block-scope/syntax/redeclaration-global/allowed-to-redeclare-';
const scriptsOnly = new Set([`${redeclared}function-declaration-with-var.js`, `${redeclared}var-with-function-declaration.js`]);

export type LeftOut = 'sloppy mode' | 'scripts only' | 'shared memory, realms and tail calls' | 'hooks of the host';

/** Why a test is no test of guest code, which is always a module, and so strict. `undefined`: it is one. */
export function leftOut({ name, source, metadata: { flags, features, includes } }: TestFile): LeftOut | undefined {
  if (flags.includes('noStrict') || flags.includes('raw')) return 'sloppy mode';
  if (scriptsOnly.has(name)) return 'scripts only';
  if (features.some((feature) => foreign.has(feature)) || foreignFolders.test(name) || flags.includes('CanBlockIsTrue') || flags.includes('CanBlockIsFalse')) return 'shared memory, realms and tail calls';
  return hostHooks.test(source) || includes.some((file) => hookIncludes.has(file)) ? 'hooks of the host' : undefined;
}

/** Every `step`-th of them: the same in every run, and from every folder, as names are sorted. */
export function sample<T>(all: readonly T[], wanted: number): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / wanted));
  return all.filter((_, i) => i % step === 0);
}
