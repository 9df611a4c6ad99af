import type { AnyNode, ModuleDeclaration, Program, Statement } from 'acorn';
import { nameOf } from '../exports.ts';

/** Which exports of a module somebody uses. Everything, where that cannot be told. */
export type Names = ReadonlySet<string> | 'all';

type TopLevel = Statement | ModuleDeclaration;

/** The names that one statement takes from the module that it imports. */
export function namesTaken(node: AnyNode): Names {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier') ? 'all'
        : new Set(node.specifiers.map((specifier) => (specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default')));
    case 'ExportNamedDeclaration':
      return new Set(node.specifiers.map(({ local }) => nameOf(local)));
    default:
      return 'all';
  }
}

/** The names under which a statement hands on what it imports; `undefined` where it is no `export { ... } from`. */
export function namesHandedOn(node: TopLevel): ReadonlySet<string> | undefined {
  if (node.type !== 'ExportNamedDeclaration' || !node.source) return undefined;
  return new Set(node.specifiers.map(({ exported }) => nameOf(exported)));
}

export function overlaps(demand: Names, names: Iterable<string>): boolean {
  if (demand === 'all') return true;
  for (const name of names) if (demand.has(name)) return true;
  return false;
}

/** Whether a parsed file is an ES module by what stands in it. */
export function hasModuleSyntax(tree: Program): boolean {
  return tree.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));
}
