import { AssassinError } from '../shared/errors.ts';
import type { Compilation } from './compile.ts';
import { exportsOf } from './exports.ts';

/** What is wrong where a module does not export that name. */
export function missingExport({ tree, entry }: Compilation, name: string): AssassinError | undefined {
  if (tree === undefined) return undefined;
  const names = exportsOf(tree);
  if (names.has(name) || names.has('*')) return undefined;
  return new AssassinError('chain-invalid', `${entry} does not export "${name}".`, {
    hint: names.size === 0 ? 'Put "export" before the function.' : `It exports ${[...names.keys()].join(', ')}.`,
    location: { file: entry, line: 1, column: 1 },
  });
}
