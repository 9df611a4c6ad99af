import type { AnyNode, Program } from 'acorn';

/**
 * What a module exports by name: the declaration or initial value where it stands in the module itself, else the export statement.
 * `*` stands for names that only the other module knows.
 */
export function exportsOf(tree: Program): ReadonlyMap<string, AnyNode> {
  const declared = new Map<string, AnyNode>();
  for (const statement of tree.body) declare(declared, statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? undefined) : statement);
  const exported = new Map<string, AnyNode>();
  for (const statement of tree.body) {
    switch (statement.type) {
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        exported.set('default', (declaration.type === 'Identifier' ? declared.get(declaration.name) : undefined) ?? declaration);
        break;
      }
      case 'ExportAllDeclaration':
        exported.set(statement.exported ? nameOf(statement.exported) : '*', statement);
        break;
      case 'ExportNamedDeclaration': {
        const own = new Map<string, AnyNode>();
        declare(own, statement.declaration ?? undefined);
        for (const [name, node] of own) exported.set(name, node);
        for (const { exported: name, local } of statement.specifiers) exported.set(nameOf(name), (statement.source ? undefined : declared.get(nameOf(local))) ?? statement);
        break;
      }
      default:
        break;
    }
  }
  return exported;
}

/** The names that a statement declares where it stands, those of imports included. */
export function declaredNames(statement: AnyNode): readonly string[] {
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.specifiers.map(({ local }) => local.name);
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return statement.declaration ? declaredNames(statement.declaration) : [];
    default: {
      const names = new Map<string, AnyNode>();
      declare(names, statement);
      return [...names.keys()];
    }
  }
}

function declare(into: Map<string, AnyNode>, statement: AnyNode | undefined): void {
  switch (statement?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      if (statement.id) into.set(statement.id.name, statement);
      break;
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        if (id.type === 'Identifier') into.set(id.name, statement.kind === 'const' && init ? init : statement);
        else for (const name of boundNames(id)) into.set(name, statement);
      }
      break;
    default:
      break;
  }
}

/** The names that a pattern gives a value. */
export function boundNames(pattern: AnyNode | null): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => boundNames(property.type === 'Property' ? property.value : property.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** Names of exports are identifiers, or texts in quotes. */
export function nameOf(node: { readonly type: 'Identifier'; readonly name: string } | { readonly type: 'Literal'; readonly value?: unknown }): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}
