import type * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { plainWords } from '../shared/plain-issue.ts';
import { compileSchema } from './compile-schema.ts';
import type { Tool } from './tool.ts';

/** `null` where the schema cannot be made into a check. */
const checks = new WeakMap<Tool, z.ZodType | null>();

/**
 * Holds a result against what the tool says it gives, so that a program may rely on its types. Throws `invalid-output` naming the field.
 * Results of MCP tools are checked by their client already, against the part that the schema is about.
 */
export function checkOutput(tool: Tool, output: Json): void {
  if (tool.outputSchema === undefined || tool.kind === 'mcp') return;
  let check = checks.get(tool);
  if (check === undefined) checks.set(tool, (check = compiled(tool.outputSchema)));
  const parsed = check?.safeParse(output);
  if (parsed === undefined || parsed.success) return;
  const issues = parsed.error.issues.map((issue) => `${issue.path.length === 0 ? 'result' : `result.${issue.path.join('.')}`}: ${plainWords(issue)}`);
  throw new AssassinError('invalid-output', `${tool.name} gave something else than it promises. ${issues.join('; ')}.`, { hint: 'This is a fault of the tool; see its result in the trace.', data: { tool: tool.name, issues } });
}

function compiled(schema: NonNullable<Tool['outputSchema']>): z.ZodType | null {
  try {
    return compileSchema(schema);
  } catch {
    return null;
  }
}
