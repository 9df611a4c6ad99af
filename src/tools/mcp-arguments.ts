import type { JsonSchemaValidator } from '@modelcontextprotocol/client';
import { boundedSchema } from '../mcp/bounded-schema.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';

const compiled = new WeakMap<McpTool, JsonSchemaValidator<unknown> | 'unusable'>();

/**
 * Checks arguments against the tool's own schema before they are sent: the error then names the field, and a wrong call has had no effect.
 * A schema that cannot be compiled checks nothing; the server still does. Takes its time only where the schema is still to be compiled.
 */
export function checkArguments(name: string, tool: McpTool, args: JsonObject): Promise<void> | undefined {
  const validate = compiled.get(tool);
  if (validate === undefined) return compile(tool).then((made) => check(name, made, args));
  check(name, validate, args);
  return undefined;
}

function check(name: string, validate: JsonSchemaValidator<unknown> | 'unusable', args: JsonObject): void {
  if (validate === 'unusable') return;
  const result = validate(args);
  if (result.valid) return;
  const issues = readable(result.errorMessage);
  throw new AssassinError('invalid-input', `${name} got wrong arguments: ${issues}.`, { hint: `Compare them with the declaration of ${name} in .assassin/types.`, data: { tool: name, issues } });
}

async function compile(tool: McpTool): Promise<JsonSchemaValidator<unknown> | 'unusable'> {
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  let validator: JsonSchemaValidator<unknown> | 'unusable';
  try {
    validator = new AjvJsonSchemaValidator().getValidator(boundedSchema(tool.inputSchema));
  } catch {
    validator = 'unusable';
  }
  compiled.set(tool, validator);
  return validator;
}

/** The validator calls the arguments "data" and writes paths as JSON pointers: `data/edits/0/oldText must be string`. */
function readable(message: string): string {
  return message
    .replace(/\bdata must have required property '([^']+)'/g, '"$1" is missing')
    .replace(/\bdata\/(\S+) must have required property '([^']+)'/g, (_, path: string, name: string) => `"${dotted(path)}.${name}" is missing`)
    .replace(/\bdata\/(\S+) /g, (_, path: string) => `"${dotted(path)}" `)
    .replace(/\bdata must/g, 'they must');
}

function dotted(pointer: string): string {
  return pointer.split('/').map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~')).join('.');
}
