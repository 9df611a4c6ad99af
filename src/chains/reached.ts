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
  const reach = (statement: Statement): void => {
    if (rest.delete(statement)) needed.push(...referencesOf(statement));
  };
  for (const statement of tree.body) {
    if (isExportList(statement)) {
      rest.delete(statement);
      for (const { exported, local } of statement.specifiers) if (wanted.has(nameOf(exported))) needed.push(nameOf(local));
    } else if (runs(statement) || isWanted(statement, wanted, own)) reach(statement);
  }
  const homes = Map.groupBy(tree.body.flatMap((statement) => declaredNames(statement).map((name) => ({ name, statement }))), ({ name }) => name);
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
      return statement.declaration.type !== 'FunctionDeclaration' && !isInert(statement.declaration);
    case 'VariableDeclaration':
      return statement.declarations.some(({ id, init }) => !(isLoading(init) ? isPlainPattern(id) : id.type === 'Identifier' && isInert(init)));
    default:
      return !isInert(statement);
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
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.superClass === null && node.body.body.every((each) => each.type === 'MethodDefinition' ? !each.computed : each.type === 'PropertyDefinition' && !each.static && !each.computed);
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
