import type { AnyNode, Program } from 'acorn';
import { declaredNames, exportsOf, nameOf } from './exports.ts';
import { namesHandedOn, overlaps, type Names } from './packages/demand.ts';
import { referencesOf } from './references.ts';

type Statement = Program['body'][number];

/**
 * The statements of a module without which the exports in `wanted` are the same: nothing that runs when the module is loaded, and nothing that they or that lead to.
 * What is doubtful is taken for reached.
 */
export function unreachedStatements(tree: Program, wanted: Names): ReadonlySet<Statement> {
  if (wanted === 'all') return new Set();
  const rest = new Set(tree.body);
  const own = exportsOf(tree);
  const needed: string[] = [];
  const parents: string[] = [];
  const reach = (statement: Statement): void => {
    if (rest.delete(statement)) needed.push(...referencesOf(statement));
  };
  for (const statement of tree.body) {
    if (isExportList(statement)) {
      rest.delete(statement);
      for (const { exported, local } of statement.specifiers) if (wanted.has(nameOf(exported))) needed.push(nameOf(local));
    } else if (runs(statement) || isWanted(statement, wanted, own)) reach(statement);
    else parents.push(...parentsOf(statement));
  }
  const homes = Map.groupBy(tree.body.flatMap((statement) => declaredNames(statement).map((name) => ({ name, statement }))), ({ name }) => name);
  // A class that is declared here is there without what it needs when it is used.
  for (const parent of parents) if (homes.get(parent)?.some(({ statement }) => !isClass(statement))) needed.push(parent);
  for (let name = needed.pop(); name !== undefined; name = needed.pop()) {
    // Code that is made of text may name anything.
    if (name === 'eval') return new Set();
    for (const { statement } of homes.get(name) ?? []) reach(statement);
  }
  return rest;
}

/** What stands for a statement that nothing reaches and that loads another module: its names, which others may list as exports, and its lines. `undefined` where it may stay, as it loads nothing before it is called. */
export function withoutLoading(code: string, statement: Statement): string | undefined {
  const lines = '\n'.repeat(code.slice(statement.start, statement.end).split('\n').length - 1);
  switch (statement.type) {
    case 'ExportAllDeclaration':
      return lines;
    case 'ImportDeclaration':
    case 'VariableDeclaration':
      return named('', declaredNames(statement)) + lines;
    case 'ExportNamedDeclaration':
      return statement.source ? lines : statement.declaration?.type === 'VariableDeclaration' ? named('export ', declaredNames(statement)) + lines : undefined;
    default:
      return undefined;
  }
}

/** `var`, since an import can be named above the line in which it stands. */
const named = (before: string, names: readonly string[]) => (names.length === 0 ? '' : `${before}var ${names.join(', ')};`);

function isExportList(statement: Statement): statement is Extract<Statement, { type: 'ExportNamedDeclaration' }> {
  return statement.type === 'ExportNamedDeclaration' && !statement.source && !statement.declaration;
}

function isWanted(statement: Statement, wanted: ReadonlySet<string>, own: ReadonlyMap<string, AnyNode>): boolean {
  switch (statement.type) {
    case 'ExportDefaultDeclaration':
      return wanted.has('default');
    case 'ExportAllDeclaration':
      return statement.exported ? wanted.has(nameOf(statement.exported)) : [...wanted].some((name) => name !== 'default' && !own.has(name));
    case 'ExportNamedDeclaration':
      return overlaps(wanted, namesHandedOn(statement) ?? declaredNames(statement));
    default:
      return false;
  }
}

function isClass(statement: Statement): boolean {
  return (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement)?.type === 'ClassDeclaration';
}

/** The parents of its classes, which must be there when the module is loaded; what stands in the classes need not. */
function parentsOf(statement: AnyNode): readonly string[] {
  switch (statement.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return statement.superClass?.type === 'Identifier' ? [statement.superClass.name] : [];
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return statement.declaration ? parentsOf(statement.declaration) : [];
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ init }) => (init ? parentsOf(init) : []));
    default:
      return [];
  }
}

/** Whether loading the module does something by this statement. */
function runs(statement: Statement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.specifiers.length === 0;
    case 'ExportAllDeclaration':
    case 'FunctionDeclaration':
      return false;
    case 'ExportNamedDeclaration':
      return statement.declaration ? runs(statement.declaration) : false;
    case 'ExportDefaultDeclaration':
      return statement.declaration.type !== 'FunctionDeclaration' && !isDefined(statement.declaration);
    case 'VariableDeclaration':
      return statement.declarations.some(({ id, init }) => !(isLoading(init) ? isPlainPattern(id) : id.type === 'Identifier' && isDefined(init)));
    default:
      return !isDefined(statement);
  }
}

/** `require('x')`, `require('x').y` and `await import('x')` are ways to write an import. */
function isLoading(node: AnyNode | null | undefined): boolean {
  let inner = node;
  while (inner?.type === 'MemberExpression' && !inner.computed) inner = inner.object;
  if (inner?.type === 'AwaitExpression') return inner.argument.type === 'ImportExpression' && inner.argument.source.type === 'Literal';
  return inner?.type === 'CallExpression' && inner.callee.type === 'Identifier' && inner.callee.name === 'require' && inner.arguments.length === 1 && inner.arguments[0]?.type === 'Literal';
}

/** Without default values, which may run something. */
function isPlainPattern(pattern: AnyNode): boolean {
  return pattern.type === 'Identifier' || (pattern.type === 'ObjectPattern' && pattern.properties.every((each) => each.type === 'Property' && !each.computed && isPlainPattern(each.value)));
}

/** Inert, or a class whose parent is a name: `parentsOf` sees to that. */
function isDefined(node: AnyNode | null | undefined): boolean {
  if (node?.type !== 'ClassDeclaration' && node?.type !== 'ClassExpression') return isInert(node);
  return (!node.superClass || node.superClass.type === 'Identifier') && node.body.body.every((each) => each.type === 'MethodDefinition' ? !each.computed : each.type === 'PropertyDefinition' && !each.static && !each.computed);
}

/** Whether it can be worked out without anything being called. */
function isInert(node: AnyNode | null | undefined): boolean {
  switch (node?.type) {
    case undefined:
    case 'Literal':
    case 'Identifier':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'EmptyStatement':
      return true;
    case 'TemplateLiteral':
      return node.expressions.length === 0;
    case 'UnaryExpression':
      return node.operator !== 'delete' && node.argument.type === 'Literal';
    case 'ArrayExpression':
      return node.elements.every((each) => each?.type !== 'SpreadElement' && isInert(each));
    case 'ObjectExpression':
      return node.properties.every((each) => each.type === 'Property' && !each.computed && isInert(each.value));
    default:
      return false;
  }
}
