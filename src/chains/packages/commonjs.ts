import type { AnyNode, Program } from 'acorn';
import { nodesOf } from '../syntax-tree.ts';
import type { Names } from './demand.ts';

/** What a CommonJS module's `require` of a name gives. */
export type Required =
  | { readonly kind: 'commonjs' | 'module'; readonly module: string }
  | { readonly kind: 'empty' }
  /** Thrown when the program gets there: many packages try a module and go on without it. */
  | { readonly kind: 'absent'; readonly message: string };

/** The module in which the CommonJS code itself lies, beside the one that ES modules import. */
export function factoryName(module: string): string {
  return `${module}?commonjs`;
}

/** CommonJS code as an ES module with one function, which runs it at the first call. A cycle gets what has been exported so far, as in Node. Lines stay where they are. */
export function factorySource(code: string, required: ReadonlyMap<string, Required>): string {
  const imports: string[] = [];
  const cases: string[] = [];
  for (const [specifier, target] of required) {
    const name = `__assassin${imports.length}`;
    const key = JSON.stringify(specifier);
    switch (target.kind) {
      case 'commonjs':
        imports.push(`import { __commonJs as ${name} } from ${JSON.stringify(factoryName(target.module))};`);
        cases.push(`case ${key}: return ${name}();`);
        break;
      case 'module':
        imports.push(`import * as ${name} from ${JSON.stringify(target.module)};`);
        cases.push(`case ${key}: return ${name};`);
        break;
      case 'empty':
        cases.push(`case ${key}: return {};`);
        break;
      case 'absent':
        cases.push(`case ${key}: throw new Error(${JSON.stringify(target.message)});`);
        break;
    }
  }
  const head = `${imports.join(' ')} var __assassinModule; export function __commonJs() { if (__assassinModule === undefined) { __assassinModule = { exports: {} }; __assassinBody.call(__assassinModule.exports, __assassinModule.exports, __assassinRequire, __assassinModule); } return __assassinModule.exports; }`
    + ` function __assassinRequire(name) { switch (name) { ${cases.join(' ')} } throw new Error('There is no module "' + name + '" here: what a package loads must be written in quotes.'); }`
    + ' function __assassinBody(exports, require, module) { ';
  return `${head}${code.replace(/^#!.*/, '')}\n}\n`;
}

/** What ES modules import of CommonJS code: its exports as the default, and those by name that somebody uses. */
export function facadeSource(module: string, names: Iterable<string>): string {
  const wanted = [...new Set(names)].filter((name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name));
  return `import { __commonJs } from ${JSON.stringify(factoryName(module))};\nconst all = __commonJs();\nconst own = all !== null && all !== undefined ? all : {};\n`
    + `export default own.__esModule && 'default' in own ? own.default : all;\n`
    + wanted.map((name, i) => `const _${i} = own[${JSON.stringify(name)}];\nexport { _${i} as ${name} };\n`).join('');
}

/** The names for which there is an assignment to `exports` in the text. */
export function assignedExports(tree: Program): readonly string[] {
  const names = new Set<string>();
  for (const node of nodesOf(tree)) {
    if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') continue;
    if (isExports(node.object)) names.add(node.property.name);
  }
  return [...names];
}

/** Whether it hands out anything in the way of CommonJS. */
export function assignsExports(tree: Program): boolean {
  for (const node of nodesOf(tree)) {
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && (isExports(node.left) || isExports(node.left.object))) return true;
  }
  return false;
}

/** `exports` or `module.exports`. */
function isExports(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'module' && node.property.type === 'Identifier' && node.property.name === 'exports';
}

export function facadeNames(demand: Names, tree: Program): readonly string[] {
  return demand === 'all' ? assignedExports(tree) : [...demand];
}
