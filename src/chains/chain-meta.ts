import type { AnyNode, Program } from 'acorn';
import * as z from 'zod';
import { parseGrant } from '../policy/grant.ts';
import { resolveLimits } from '../sandbox/limits.ts';
import type { SandboxLimits } from '../sandbox/sandbox.ts';
import { AssassinError, type SourceLocation } from '../shared/errors.ts';
import type { BudgetLimits } from '../shared/events.ts';
import type { JsonSchema } from '../shared/json.ts';
import { plainWords } from '../shared/plain-issue.ts';
import { cleanTags } from '../shared/tags.ts';
import { exportsOf } from './exports.ts';
import { inputCheck } from './input-schema.ts';
import { keyNodeAt, literalValue, nodeAt, NotLiteral } from './literal.ts';

/** What `export const meta` of a chain says. */
export interface ChainMeta {
  readonly title?: string;
  readonly description: string;
  /** Words by which its runs are found. */
  readonly tags?: readonly string[];
  readonly grants: readonly string[];
  /** The task whose code it is, and what the models of that task used. */
  readonly frozenFrom?: { readonly run: string; readonly tokens: number; readonly costUsd?: number };
  readonly input?: JsonSchema;
  /** What it gives back; checked when it has. */
  readonly output?: JsonSchema;
  readonly budget?: BudgetLimits;
  readonly limits?: Partial<SandboxLimits>;
  /** What its run shares with others while it has a browser; as the settings say where absent. */
  readonly isolation?: 'process' | 'context';
}

const amount = z.number().min(0);
const limit = z.int().positive();

const metaSchema = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  description: z.string().max(2000).default(''),
  tags: z.array(z.string()).exactOptional(),
  grants: z.array(z.string()).max(200).default([]),
  frozenFrom: z.strictObject({ run: z.string().min(1).max(100), tokens: amount, costUsd: amount.exactOptional() }).optional(),
  isolation: z.enum(['process', 'context']).exactOptional(),
  input: z.union([z.boolean(), z.record(z.string(), z.json())]).optional(),
  output: z.union([z.boolean(), z.record(z.string(), z.json())]).exactOptional(),
  budget: z.strictObject({ wallMs: limit, steps: limit, moneyUsd: amount, tokens: amount, browserSeconds: amount, egressBytes: amount }).partial().optional(),
  limits: z.strictObject({
    memoryBytes: limit, cpuMs: limit, wallMs: limit, stackBytes: limit, sourceBytes: limit, outputBytes: limit, consoleBytes: limit, hostCalls: limit, hostCallsInFlight: limit,
  }).partial().optional(),
});

/** A chain without `meta` may do nothing but compute. */
const emptyMeta: ChainMeta = { description: '', grants: [] };

export interface MetaReading {
  readonly meta: ChainMeta;
  /** Where each of `meta.grants` is written. */
  readonly grantPlaces: readonly SourceLocation[];
  /** `chain-invalid` and `invalid-grant`, each with its place. `meta` can be relied on only if there are none. */
  readonly problems: readonly AssassinError[];
}

/** Reads `export const meta = {...}` without running anything, and sees whether the module can be a chain at all. */
export function readChainMeta(tree: Program, locate: (line: number, column: number) => SourceLocation, workspace: string): MetaReading {
  const problems: AssassinError[] = [];
  const placeOf = (node: AnyNode) => {
    const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
    return locate(line, column + 1);
  };
  const report = (node: AnyNode, message: string, hint: string, code: 'chain-invalid' | 'invalid-grant' = 'chain-invalid') => {
    problems.push(new AssassinError(code, message, { hint, location: placeOf(node) }));
  };
  const exported = exportsOf(tree);
  const main = exported.get('default');
  if (main === undefined) report(tree, 'The chain has no default export.', 'Add "export default async function (input) { ... }".');
  else if (cannotBeCalled(main)) report(main, 'The default export is not a function.', 'Write "export default async function (input) { ... }".');
  const meta = exported.get('meta');
  if (meta === undefined) return { meta: emptyMeta, grantPlaces: [], problems };
  if (meta.type !== 'ObjectExpression') {
    report(meta, 'meta is not written out.', 'Write it in one piece: export const meta = { description: "...", grants: [] }.');
    return { meta: emptyMeta, grantPlaces: [], problems };
  }
  const value = readObject(meta, workspace, report);
  return { meta: value, grantPlaces: value.grants.map((_grant, i) => placeOf(nodeAt(meta, ['grants', i]))), problems };
}

type Report = (node: AnyNode, message: string, hint: string, code?: 'chain-invalid' | 'invalid-grant') => void;

function readObject(node: AnyNode, workspace: string, report: Report): ChainMeta {
  let value: unknown;
  try {
    value = literalValue(node);
  } catch (error) {
    if (!(error instanceof NotLiteral)) throw error;
    report(error.node, `This part of meta ${error.message}.`, 'meta is read without running the chain: write out text, numbers, true, false, null, lists and objects.');
    return emptyMeta;
  }
  const parsed = metaSchema.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(node, issue, report);
    return emptyMeta;
  }
  const meta: ChainMeta = parsed.data;
  meta.grants.forEach((grant, i) => {
    const problem = failureOf(() => parseGrant(grant, workspace));
    if (problem) report(nodeAt(node, ['grants', i]), problem.message, problem.hint ?? '', 'invalid-grant');
  });
  const tags = failureOf(() => cleanTags(meta.tags ?? []));
  if (tags) report(nodeAt(node, ['tags']), `meta.tags: ${tags.message}`, tags.hint ?? 'Leave some out.');
  const limits = failureOf(() => resolveLimits(meta.limits));
  if (limits) report(nodeAt(node, ['limits', String(limits.data?.['limit'])]), limits.message, limits.hint ?? '');
  for (const part of ['input', 'output'] as const) {
    const schema = meta[part];
    const checked = schema === undefined ? undefined : inputCheck(schema);
    if (checked && 'message' in checked) {
      report(nodeAt(node, [part, ...checked.path]), `This part of meta.${part} ${checked.message}.`, 'Write a JSON Schema, for example { type: "object", properties: { url: { type: "string" } } }.');
    }
  }
  return meta;
}

function reportIssue(node: AnyNode, issue: z.core.$ZodIssue, report: Report): void {
  const name = ['meta', ...issue.path].join('.');
  if (issue.code !== 'unrecognized_keys') {
    report(nodeAt(node, issue.path), `${name}: ${plainWords(issue)}.`, 'See docs/chains.md for what meta may say.');
    return;
  }
  const parent = nodeAt(node, issue.path);
  for (const key of issue.keys) report(keyNodeAt(parent, key), `${name} has no field "${key}".`, `It may have ${fieldsOf(issue.path).join(', ')}.`);
}

function fieldsOf(path: readonly PropertyKey[]): readonly string[] {
  const { budget, limits } = metaSchema.shape;
  return Object.keys(path[0] === 'budget' ? budget.unwrap().shape : path[0] === 'limits' ? limits.unwrap().shape : metaSchema.shape);
}

function cannotBeCalled({ type }: AnyNode): boolean {
  return ['Literal', 'TemplateLiteral', 'ObjectExpression', 'ArrayExpression', 'ClassDeclaration', 'ClassExpression'].includes(type);
}

function failureOf(work: () => unknown): AssassinError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (AssassinError.isInstance(error)) return error;
    throw error;
  }
}
