import { Slices } from '../run/slices.ts';
import type { JsonSchema } from '../shared/json.ts';
import { isSchema } from './schema-refs.ts';
import { typeOfSchema } from './schema-type.ts';
import { docComment, indented, propertyName } from './type-text.ts';

export interface DeclaredTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
}

export interface DeclaredServer {
  readonly name: string;
  readonly tools: readonly DeclaredTool[];
}

const content = `/** Bytes of a result, kept with the run under the name "blob". */
interface McpBytes {
  mimeType: string;
  blob: string;
  bytes: number;
}
type McpBlock =
  | { type: 'text'; text: string }
  | ({ type: 'image' | 'audio' } & McpBytes)
  | { type: 'resource'; uri: string; mimeType?: string; text: string }
  | ({ type: 'resource'; uri: string } & McpBytes)
  | { type: 'resource_link'; uri: string; name: string; mimeType?: string; description?: string };
/** The result of a tool that declares no shape: its text where it is one text, else its parts. Text is never parsed for you. */
type McpContent = string | McpBlock[];`;

/**
 * The text of `interface McpServers`, one property a server, one method a tool, with the types that it needs. It stands without `export`
 * and `declare module`: the caller puts it where it belongs. The same input gives the same text, whatever its order.
 */
export function mcpDeclarations(servers: readonly DeclaredServer[]): string {
  const parts = declared(servers);
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

/** The same, in pieces between which the event loop goes on: some thousand tools take longer than an editor may stand still. */
export async function mcpDeclarationsInSlices(servers: readonly DeclaredServer[]): Promise<string> {
  const slices = new Slices();
  const parts = declared(servers);
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
    await slices.turn();
  }
}

/** Stops after each tool. */
function* declared(servers: readonly DeclaredServer[]): Generator<undefined, string> {
  const names = new Map<string, number>();
  const declarations: string[] = [];
  const members: string[] = [];
  for (const server of byName(servers)) {
    const methods: string[] = [];
    for (const tool of byName(server.tools)) {
      methods.push(indented(method(server.name, tool, names, declarations)));
      yield;
    }
    members.push(indented(`readonly ${propertyName(server.name)}: {${methods.length === 0 ? '' : `\n  ${methods.join('\n  ')}\n`}};`));
  }
  const body = members.length === 0 ? '{}' : `{\n  ${members.join('\n  ')}\n}`;
  return `${[content, ...declarations, `interface McpServers ${body}`].join('\n')}\n`;
}

function method(server: string, tool: DeclaredTool, names: Map<string, number>, declarations: string[]): string {
  const newName = (wish: string) => uniqueName(`${pascal(server)}${pascal(tool.name)}${pascal(wish)}`, names);
  const input = typeOfSchema(tool.inputSchema, { newName });
  const output = tool.outputSchema === undefined ? undefined : typeOfSchema(tool.outputSchema, { newName });
  declarations.push(...input.declarations, ...(output?.declarations ?? []));
  const optional = requiresNothing(tool.inputSchema) ? '?' : '';
  return `${docComment(tool.description ?? '')}${propertyName(tool.name)}(args${optional}: ${input.type.text}): Promise<${output?.type.text ?? 'McpContent'}>;`;
}

function requiresNothing(schema: JsonSchema): boolean {
  // A stranger's server may send anything here.
  if (!isSchema(schema)) return schema !== false;
  return !['$ref', 'anyOf', 'oneOf', 'allOf'].some((key) => key in schema) && !(Array.isArray(schema['required']) && schema['required'].length > 0);
}

/** Sorted, and each name once: a server that lists a tool twice can be called by one of them only. */
function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pascal(text: string): string {
  return text.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

const ownNames: ReadonlySet<string> = new Set(['McpServers', 'McpBlock', 'McpBytes', 'McpContent', 'McpPart']);

/** @param names those that are taken, with the number from which on the next one of that wish may be free. */
function uniqueName(wish: string, names: Map<string, number>): string {
  const base = /^[A-Za-z]/.test(wish) ? wish : `T${wish}`;
  let number = names.get(base) ?? 1;
  let name = number === 1 ? base : `${base}${number}`;
  while (names.has(name) || ownNames.has(name)) name = `${base}${++number}`;
  names.set(base, number + 1).set(name, Math.max(2, names.get(name) ?? 2));
  return name;
}
