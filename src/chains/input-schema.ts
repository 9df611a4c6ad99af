import type * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject, JsonSchema } from '../shared/json.ts';
import { mustBe, plainWords } from '../shared/plain-issue.ts';
import { compileSchema } from '../tools/compile-schema.ts';

/** Checks an input and fills in defaults. Throws `invalid-input` naming each wrong field. */
export type InputCheck = (input: Json) => Json;

export interface SchemaProblem {
  readonly message: string;
  /** Where in the schema. */
  readonly path: readonly string[];
}

/** Reads a JSON Schema as far as its input can be checked by it. Gives back what is wrong where it cannot: a schema that checks nothing would look like one that does. */
export function inputCheck(schema: JsonSchema): InputCheck | SchemaProblem {
  const untyped = typelessPart(schema, []);
  if (untyped) return { message: 'needs a "type", without which its other keywords check nothing', path: untyped };
  let check: z.ZodType;
  try {
    check = compileSchema(schema);
  } catch (error) {
    return { message: `cannot be used: ${error instanceof Error ? error.message : String(error)}`, path: [] };
  }
  const takesObject = typeof schema === 'object' && !Array.isArray(schema) && (schema as JsonObject)['type'] === 'object';
  // No input at all and an object without fields are the same to a chain that takes named fields.
  return (input) => parsed(check, input === null && takesObject ? {} : input);
}

function parsed(check: z.ZodType, input: Json): Json {
  // Only with its input can an issue tell a field that is missing from one of the wrong type.
  const result = check.safeParse(input, { reportInput: true });
  if (result.success) return result.data as Json;
  const issues = result.error.issues.map((issue) => `${issue.path.length === 0 ? 'input' : `input.${issue.path.join('.')}`}: ${sentence(issue)}`);
  throw new AssassinError('invalid-input', `The input does not fit the chain. ${issues.join('. ')}.`, { hint: "Give it what the chain's meta.input describes.", data: { issues } });
}

/** Throws `invalid-output` where a chain gave back something else than its `meta.output` says. */
export function checkResult(schema: JsonSchema, result: Json): void {
  const check = inputCheck(schema);
  if (typeof check !== 'function') return;
  try {
    check(result);
  } catch (cause) {
    if (!AssassinError.isInstance(cause)) throw cause;
    const issues = (cause.data?.['issues'] as readonly string[] | undefined) ?? [];
    throw new AssassinError('invalid-output', `The result does not fit meta.output. ${issues.map((issue) => issue.replace(/^input/, 'result')).join('. ')}.`, { hint: 'Return what meta.output describes, or correct it.', cause });
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.input === undefined ? `is missing; it ${mustBe(issue)}` : plainWords(issue);
}

const constraints = ['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum'];
const kinds = ['type', 'enum', 'const', '$ref', 'anyOf', 'oneOf', 'allOf'];

/** The path of a part that constrains without saying what kind of value it is about. */
function typelessPart(schema: Json, path: readonly string[]): readonly string[] | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  const part = schema as JsonObject;
  if (constraints.some((key) => key in part) && !kinds.some((key) => key in part)) return path;
  const children: readonly (readonly [readonly string[], Json])[] = [
    ...['properties', '$defs'].flatMap((key) => Object.entries((part[key] ?? {}) as JsonObject).map(([name, child]) => [[...path, key, name], child] as const)),
    ...(part['items'] === undefined ? [] : [[[...path, 'items'], part['items']] as const]),
  ];
  for (const [childPath, child] of children) {
    const found = typelessPart(child, childPath);
    if (found) return found;
  }
  return undefined;
}
