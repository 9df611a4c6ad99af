import { createHash } from 'node:crypto';

/** Where a server runs and what it is started with. Values of variables are left out: they may be secrets, and change without the server being another one. */
export type McpServerFacts =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[]; readonly cwd: string; readonly envNames: readonly string[]; /** What its sandbox lets through; absent for one without. */ readonly sandbox?: unknown }
  | { readonly type: 'http' | 'sse'; readonly url: string; readonly headerNames: readonly string[] };

/** What a model and a person are told of a tool, all of which may be an instruction. */
export interface McpToolFacts {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
  readonly annotations?: unknown;
}

/** `sha256-` and 43 letters: the same for the same server, another one as soon as it would be started otherwise or reached elsewhere. */
export function serverIdentity(server: McpServerFacts): string {
  return server.type === 'stdio'
    ? hashOf({ ...server, envNames: [...server.envNames].sort() })
    : hashOf({ ...server, headerNames: server.headerNames.map((name) => name.toLowerCase()).sort() });
}

/** Of the whole definition: name, title, description, both schemas, annotations. The order of fields does not count. */
export function toolIdentity(tool: McpToolFacts): string {
  let identity = toolIdentities.get(tool);
  if (identity === undefined) {
    const { name, title, description, inputSchema, outputSchema, annotations } = tool;
    toolIdentities.set(tool, (identity = hashOf({ name, title, description, inputSchema, outputSchema, annotations })));
  }
  return identity;
}

/** A definition is read once and never changed: it is asked for with each call, and some are long. */
const toolIdentities = new WeakMap<McpToolFacts, string>();

function hashOf(facts: unknown): string {
  return `sha256-${createHash('sha256').update(canonical(facts)).digest('base64url')}`;
}

/** JSON with sorted names (as RFC 8785 orders them) and without what is absent: one text for equal data. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
}
