import type { Program } from 'acorn';
import { exportsOf } from '../exports.ts';
import type { FunctionShape } from './guest/adapters.ts';

/** The export that is meant where none is named: what platforms of functions look for, in their order. */
export function mainExport(tree: Program | undefined): string {
  const names = tree ? exportsOf(tree) : new Map();
  return ['default', 'handler', 'fetch'].find((name) => names.has(name)) ?? 'default';
}

/** The shape by the conventions of the platforms: `handler` is AWS Lambda's, `fetch` and an object as default export the web's. */
export function shapeOf(tree: Program | undefined, exportName: string): FunctionShape {
  if (exportName === 'handler') return 'lambda';
  if (exportName === 'fetch') return 'fetch';
  const node = tree && exportsOf(tree).get(exportName);
  switch (node?.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return 'plain';
    case 'ObjectExpression':
      return 'fetch';
    default:
      return 'auto';
  }
}
