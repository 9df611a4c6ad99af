import type { AnyNode, Program } from 'acorn';
import { isBuiltin } from 'node:module';
import { insteadOfModule } from '../sandbox/missing-apis.ts';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { namesTaken, type Names } from './packages/demand.ts';
import { nodesOf } from './syntax-tree.ts';

/** A place where a module names another one, in the stripped code. */
export interface ImportUse {
  /** `undefined` where it is computed. */
  readonly specifier: string | undefined;
  /** `require` instead of `import`. */
  readonly commonJs: boolean;
  /** What it takes from there. */
  readonly names: Names;
  /** Offsets of the specifier's literal, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Where the last of its attributes ends, as in `with { type: 'json' }`; the brace comes behind it. */
  readonly attributesEnd?: number;
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** All imports of a module in the order in which they stand there, those of `export ... from` and `import()` included. */
export function importsOf(tree: Program): readonly ImportUse[] {
  const uses: ImportUse[] = [];
  for (const node of nodesOf(tree)) {
    const source = sourceOf(node);
    if (!source?.loc) continue;
    uses.push({
      specifier: source.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined,
      commonJs: node.type === 'CallExpression', names: namesTaken(node),
      start: source.start, end: source.end, ...attributesEnd(node), line: source.loc.start.line, column: source.loc.start.column + 1,
    });
  }
  return uses.sort((a, b) => a.start - b.start);
}

function attributesEnd(node: AnyNode): Pick<ImportUse, 'attributesEnd'> {
  const last = 'attributes' in node ? node.attributes.at(-1) : undefined;
  return last === undefined ? {} : { attributesEnd: last.end };
}

function sourceOf(node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node.source;
    case 'ExportNamedDeclaration':
      return node.source ?? undefined;
    case 'CallExpression': {
      const [argument] = node.arguments;
      const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require' && node.arguments.length === 1;
      return isRequire && argument?.type === 'Literal' && typeof argument.value === 'string' ? argument : undefined;
    }
    default:
      return undefined;
  }
}

export interface ImportProblem {
  readonly message: string;
  readonly hint: string;
  /** A Node process would have it. */
  readonly needsNode?: true;
}

const allowed = 'Import from "assassin", from a .ts, .js or .json file of the workspace by its relative path, or from a package.';

/** The file that a relative import means, as TypeScript's bundler resolution finds it; a problem where it is none that a sandbox can have. */
export async function resolveImport(specifier: string, importer: string, workspace: string): Promise<ResolvedPath | ImportProblem> {
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return bareProblem(specifier);
  const base = resolve(dirname(importer), specifier);
  for (const candidate of candidates(base)) {
    if (!(await stat(candidate).catch(() => undefined))?.isFile()) continue;
    const found = await resolvePath(workspace, candidate);
    if (!found.inside) return { message: `The import "${specifier}" leads outside the workspace.`, hint: 'Move the file into the workspace.' };
    if (isModuleFile(found.path) || found.path.endsWith('.json')) return found;
    return { message: `The import "${specifier}" is neither a TypeScript or JavaScript module nor JSON.`, hint: 'Read data with workspace.readFile(path).' };
  }
  return { message: `The import "${specifier}" does not exist.`, hint: 'Check the path; it is relative to the file that imports it.' };
}

export function isModuleFile(path: string): boolean {
  return /\.m?[tj]s$/.test(path);
}

function candidates(base: string): readonly string[] {
  // TypeScript sources may name the JavaScript file that a compiler would make of them.
  const asSource = base.replace(/\.(m?)js$/, '.$1ts');
  return [base, ...(asSource === base ? [] : [asSource]), ...['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map((ending) => base + ending)];
}

/** Whether it names a package, and not a file, an address or a module of Node. */
export function isPackage(specifier: string): boolean {
  return !isBuiltin(specifier) && !/^[a-z][a-z0-9+.-]*:|^[./#]|^$/i.test(specifier);
}

function bareProblem(specifier: string): ImportProblem {
  if (isBuiltin(specifier)) return { message: `"${specifier}" is a module of Node.js. This code needs Node and cannot run in the sandbox. ${insteadOfModule(specifier)}`, hint: 'Use the tools of "assassin" instead, or run the function in a Node process with "fn run --node", which needs the grant "node FILE".', needsNode: true };
  return { message: `The import "${specifier}" is not a relative path.`, hint: allowed };
}
