import type { AnyNode } from 'acorn';
import { boundNames, declaredNames } from './exports.ts';

interface Visit {
  readonly value: unknown;
  /** Names that mean something of a function around it. */
  readonly own: ReadonlySet<string>;
}

/**
 * The names that a piece of code may have from outside of it. One too many can be among them, where a block has a variable of that name; none is missing.
 * With a stack of its own, because source may nest deeper than the host's call stack.
 */
export function referencesOf(root: AnyNode): ReadonlySet<string> {
  const names = new Set<string>();
  const stack: Visit[] = [{ value: root, own: new Set() }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { value, own } = visit;
    if (typeof value !== 'object' || value === null) continue;
    if (!isNode(value)) {
      if (Array.isArray(value)) for (const child of value) stack.push({ value: child, own });
      continue;
    }
    switch (value.type) {
      case 'Identifier':
        if (!own.has(value.name)) names.add(value.name);
        break;
      case 'MemberExpression':
        stack.push({ value: value.object, own }, ...(value.computed ? [{ value: value.property, own }] : []));
        break;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        stack.push({ value: value.value, own }, ...(value.computed ? [{ value: value.key, own }] : []));
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const withParameters = own.union(new Set(value.params.flatMap(boundNames)));
        const inBody = value.body.type === 'BlockStatement' ? withParameters.union(new Set(value.body.body.flatMap(declaredNames))) : withParameters;
        stack.push({ value: value.params, own: withParameters }, { value: value.body, own: inBody });
        break;
      }
      default:
        for (const child of Object.values(value)) stack.push({ value: child, own });
    }
  }
  return names;
}

function isNode(value: object): value is AnyNode {
  return 'type' in value && typeof value.type === 'string' && 'start' in value;
}
