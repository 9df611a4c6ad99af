import { AssassinError } from '../shared/errors.ts';
import type { Compilation } from './compile.ts';
import { exportsOf } from './exports.ts';
import { assignsExports } from './packages/commonjs.ts';
import { hasModuleSyntax } from './packages/demand.ts';

/** What is wrong where a module does not export that name. */
export function missingExport({ tree, entry }: Compilation, name: string): AssassinError | undefined {
  if (tree === undefined) return undefined;
  const names = exportsOf(tree);
  if (names.has(name) || names.has('*')) return undefined;
  if (tree.body.length === 0) return new AssassinError('chain-invalid', `${entry} holds no code.`, { hint: 'Write a function with "export" before it.', location: { file: entry, line: 1, column: 1 } });
  const commonJs = names.size === 0 && !hasModuleSyntax(tree) && assignsExports(tree);
  return new AssassinError('chain-invalid', `${entry} does not export "${name}"${commonJs ? ': it is a CommonJS module, and the sandbox runs ES modules' : ''}.`, {
    hint: commonJs ? 'Write "export" before its functions instead of assigning to "exports" or "module.exports", or run it in a Node process with "fn run --node", which needs the grant "node FILE".'
      : names.size === 0 ? 'Put "export" before the function.' : `It exports ${[...names.keys()].join(', ')}.`,
    location: { file: entry, line: 1, column: 1 },
  });
}
