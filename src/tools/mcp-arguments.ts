import type { JsonSchemaValidator } from '@modelcontextprotocol/client';
import { boundedSchema } from '../mcp/bounded-schema.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import { clip } from '../mcp/tail.ts';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { didYouMean, nearNames } from '../shared/near-names.ts';

const compiled = new WeakMap<McpTool, JsonSchemaValidator<unknown> | 'unusable'>();

/**
 * Checks arguments against the tool's own schema before they are sent: the error then names the field, and a wrong call has had no effect.
 * A schema that cannot be compiled checks nothing; the server still does. Takes its time only where the schema is still to be compiled.
 */
export function checkArguments(name: string, tool: McpTool, args: JsonObject): Promise<void> | undefined {
  const validate = compiled.get(tool);
  if (validate === undefined) return compile(tool).then((made) => check(name, tool, made, args));
  check(name, tool, validate, args);
  return undefined;
}

function check(name: string, { inputSchema }: McpTool, validate: JsonSchemaValidator<unknown> | 'unusable', args: JsonObject): void {
  if (validate === 'unusable') return;
  const result = validate(args);
  if (result.valid) return;
  const issues = readable(result.errorMessage);
  throw new AssassinError('invalid-input', `${name} got wrong arguments: ${issues}.`, { hint: [...misnamed(inputSchema, args), ...taken(inputSchema), 'Its declaration is in .assassin/types.'].join(' '), data: { tool: name, issues } });
}

const namesOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []);

/** Arguments that the tool does not know, with the ones that are probably meant. */
function misnamed({ properties }: JsonObject, args: JsonObject): readonly string[] {
  const known = namesOf(properties);
  const free = known.filter((each) => !Object.hasOwn(args, each));
  return Object.keys(args).filter((each) => !known.includes(each)).flatMap((each) => {
    const meant = didYouMean(nearNames(each, free));
    return meant === undefined ? [] : [`It has no argument ${JSON.stringify(clip(each, 100))}. ${meant}`];
  });
}

/** More names than these help nobody. */
const namesAtMost = 20;

function taken({ properties, required }: JsonObject): readonly string[] {
  const names = namesOf(properties);
  if (names.length === 0) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const shown = names.slice(0, namesAtMost).map((each) => `${clip(each, 60)}${needed.includes(each) ? '' : ' (optional)'}`);
  return [`It takes ${shown.join(', ')}${names.length > namesAtMost ? ' and more' : ''}.`];
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
