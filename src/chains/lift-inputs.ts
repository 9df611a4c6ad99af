import type { Node } from '@babel/types';
import type { Json, JsonObject } from '../shared/json.ts';

/** A value of the task that became a field of the chain's input. */
export interface LiftedInput {
  readonly name: string;
  readonly value: string | number;
}

export interface Lifted {
  readonly code: string;
  readonly inputs: readonly LiftedInput[];
}

interface Found {
  readonly value: string | number;
  readonly start: number;
  readonly end: number;
  /** What follows the value inside a longer text. */
  readonly rest: string;
  /** What the code itself calls it. */
  readonly hint?: string;
}

/** Words as short as these are part of the work, not of what it is about. */
const minText = 3;
const maxInputs = 12;

/**
 * Makes fields of an input of the texts and numbers that the person has named in the task and that stand in the code: addresses, paths, words, amounts. The
 * code is left as it is where its default export takes parameters already, or has none of them.
 */
export async function liftInputs(code: string, task: string): Promise<Lifted> {
  const unchanged: Lifted = { code, inputs: [] };
  const { parse } = await import('@babel/parser');
  const { program } = parse(code, { sourceType: 'module', plugins: ['typescript'] });
  const main = program.body.find((statement) => statement.type === 'ExportDefaultDeclaration')?.declaration;
  if (main === undefined || (main.type !== 'FunctionDeclaration' && main.type !== 'ArrowFunctionExpression' && main.type !== 'FunctionExpression') || main.params.length > 0) return unchanged;
  const parameters = code.indexOf('(', main.type === 'FunctionDeclaration' && main.id?.end ? main.id.end : (main.start ?? 0));
  const found = literalsIn(main.body, task);
  if (found.length === 0 || parameters < 0 || parameters > (main.body.start ?? 0)) return unchanged;
  const parameter = ['input', 'given', 'chainInput'].find((name) => !new RegExp(`\\b${name}\\b`).test(code)) ?? 'frozenInput';
  const inputs = new Map<string | number, string>();
  for (const { value, hint } of found) if (!inputs.has(value) && inputs.size < maxInputs) inputs.set(value, freeName(hint ?? kindOf(value), new Set(inputs.values())));
  let text = code;
  for (const { value, start, end, rest } of found.toSorted((a, b) => b.start - a.start)) {
    const name = inputs.get(value);
    if (name === undefined) continue;
    const field = `${parameter}.${name}`;
    text = `${text.slice(0, start)}${rest === '' ? field : `\`\${${field}}${escaped(rest)}\``}${text.slice(end)}`;
  }
  const type = [...inputs].map(([value, name]) => `${name}: ${typeof value}`).join('; ');
  text = `${text.slice(0, parameters + 1)}${parameter}: { ${type} }${text.slice(parameters + 1)}`;
  return { code: text, inputs: [...inputs].map(([value, name]) => ({ name, value })) };
}

/** The input of the chain, with what the task had as defaults: without an input it does what it did. */
export function inputSchemaOf(inputs: readonly LiftedInput[]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(inputs.map(({ name, value }): [string, Json] => [name, { type: typeof value, default: value }])),
    additionalProperties: false,
  };
}

function literalsIn(body: Node, task: string): readonly Found[] {
  const found: Found[] = [];
  const urls = [...task.matchAll(/https?:\/\/[^\s"'<>`)\]]+/g)].map(([url]) => url.replace(/[.,;:!?/]+$/, ''));
  const visit = (node: Node, hint: string | undefined): void => {
    const { start, end } = node;
    if (typeof start === 'number' && typeof end === 'number') {
      const value = node.type === 'StringLiteral' || node.type === 'NumericLiteral' ? node.value : node.type === 'TemplateLiteral' && node.expressions.length === 0 ? node.quasis[0]?.value.cooked : undefined;
      const url = typeof value === 'string' ? urls.find((each) => value.startsWith(each) && /^($|[/?#])/.test(value.slice(each.length))) : undefined;
      if (url !== undefined) found.push({ value: url, start, end, rest: String(value).slice(url.length), ...(hint === undefined ? {} : { hint }) });
      else if (value !== undefined && value !== null && isNamed(value, task)) found.push({ value, start, end, rest: '', ...(hint === undefined ? {} : { hint }) });
    }
    for (const [child, name] of childrenOf(node)) visit(child, name);
  };
  visit(body, undefined);
  return found;
}

/** Children that are values, each with the name that the code gives it. Types, keys and names of modules are none. */
function* childrenOf(node: Node): Generator<readonly [Node, string | undefined]> {
  if (node.type.startsWith('TS') && node.type !== 'TSAsExpression' && node.type !== 'TSSatisfiesExpression' && node.type !== 'TSNonNullExpression') return;
  for (const [key, value] of Object.entries(node) as readonly (readonly [string, unknown])[]) {
    if (key === 'typeAnnotation' || key === 'returnType' || key === 'typeParameters' || key === 'source' || (key === 'key' && 'computed' in node && !node.computed) || (key === 'property' && 'computed' in node && !node.computed)) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield [child, nameFor(node, key)];
  }
}

function nameFor(parent: Node, key: string): string | undefined {
  if (parent.type === 'VariableDeclarator' && key === 'init' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'ObjectProperty' && key === 'value' && parent.key.type === 'Identifier') return parent.key.name;
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
}

/** As a whole word: a "3" in "Q3" is not the number of anything. */
function isNamed(value: string | number, task: string): boolean {
  if (typeof value === 'number' ? value === 0 || value === 1 : value.trim().length < minText) return false;
  const text = String(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${text}(?![\\p{L}\\p{N}_])`, 'u').test(task) && (typeof value === 'string' || !new RegExp(`[.,]${text}|${text}[.,]\\d`).test(task));
}

function kindOf(value: string | number): string {
  if (typeof value === 'number') return 'number';
  if (/^https?:\/\//.test(value)) return 'url';
  return /[/\\]|\.\w{1,5}$/.test(value) ? 'path' : 'text';
}

function freeName(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  for (let i = 2; taken.has(name); i++) name = `${wish}${i}`;
  return name;
}

function escaped(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&');
}
