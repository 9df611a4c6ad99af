import type * as z from 'zod';
import type { Json, JsonSchema } from '../../shared/json.ts';
import { plainWords } from '../../shared/plain-issue.ts';
import { compileSchema } from '../../tools/compile-schema.ts';

/** What does not fit, one sentence each; empty where everything does. */
export type ValueCheck = (value: Json) => readonly string[];

/** Makes a check of a JSON Schema, or says why it is none: a schema that checks nothing would look like one that does. */
export function valueCheck(schema: JsonSchema): ValueCheck | string {
  let check: z.ZodType;
  try {
    check = compileSchema(schema);
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
  return (value) => {
    const result = check.safeParse(value);
    return result.success ? [] : result.error.issues.map((issue) => `${issue.path.length === 0 ? 'the value' : issue.path.join('.')}: ${plainWords(issue)}`);
  };
}
