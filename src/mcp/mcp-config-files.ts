import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getNodeValue, parseTree, findNodeAtLocation, type Node, type ParseError } from 'jsonc-parser';
import * as z from 'zod';
import { AssassinError, toErrorInfo, type ErrorInfo, type SourceLocation } from '../shared/errors.ts';
import { jsonProblem, placeIn } from '../shared/json-problem.ts';
import { plainWords } from '../shared/plain-issue.ts';
import type { ConfigProblem, ConfigSource, McpConfiguration, McpInput, McpServerConfig } from './mcp-config.ts';
import { parseServerEntry } from './server-entry.ts';

export const vscodeMcpFile = '.vscode/mcp.json';
export const portableMcpFile = '.mcp.json';
export const mcpSetting = 'infrastructureAssassin.mcp.servers';

const inputSchema = z.looseObject({
  id: z.string().min(1),
  type: z.enum(['promptString', 'pickString', 'command']),
  description: z.string().optional(),
  password: z.boolean().default(false),
  default: z.string().optional(),
  options: z.array(z.union([z.string(), z.looseObject({ value: z.string() }).transform((option) => option.value)])).optional(),
});

/** Reads the text of `.vscode/mcp.json`: comments and trailing commas are allowed, servers stand under `servers`. */
export function readVsCodeMcpFile(text: string, file: string = vscodeMcpFile): McpConfiguration {
  return readText(text, file, 'servers');
}

/** Reads the text of `.mcp.json`: servers stand under `mcpServers`. */
export function readPortableMcpFile(text: string, file: string = portableMcpFile): McpConfiguration {
  return readText(text, file, 'mcpServers');
}

/** Reads the object of the setting: server names to the same entries as in `.vscode/mcp.json`. */
export function readServerSettings(value: unknown, origin: string = mcpSetting): McpConfiguration {
  if (value === undefined || value === null) return { servers: [], problems: [] };
  const source: ConfigSource = { file: origin, locate: () => undefined };
  if (typeof value !== 'object' || Array.isArray(value)) return { servers: [], problems: [wholeFile(`${origin} must be an object of servers by name.`, 'Write { "NAME": { "command": "..." } }.')] };
  return collect(Object.entries(value).map(([written, raw]) => ({ written, raw, path: [written] })), source, []);
}

/** Servers of several sources as one list. The first source that names a server wins; a later one is reported. */
export function mergeConfigurations(...configurations: readonly McpConfiguration[]): McpConfiguration {
  const servers = new Map<string, McpServerConfig>();
  const problems = configurations.flatMap((configuration) => configuration.problems);
  for (const server of configurations.flatMap((configuration) => configuration.servers)) {
    const first = servers.get(server.name);
    if (first === undefined) servers.set(server.name, server);
    else problems.push(duplicate(server, first));
  }
  return { servers: [...servers.values()], problems };
}

/** Everything that is configured for a workspace: the setting first, then `.vscode/mcp.json`, then `.mcp.json`. A missing file is no problem. */
export async function loadMcpServers(options: { readonly workspace: string; readonly settings?: unknown }): Promise<McpConfiguration> {
  const { workspace, settings } = options;
  return mergeConfigurations(
    readServerSettings(settings),
    await readIfThere(workspace, vscodeMcpFile, readVsCodeMcpFile),
    await readIfThere(workspace, portableMcpFile, readPortableMcpFile),
  );
}

async function readIfThere(workspace: string, file: string, read: (text: string) => McpConfiguration): Promise<McpConfiguration> {
  let text: string;
  try {
    text = await readFile(join(workspace, file), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return { servers: [], problems: [] };
    return { servers: [], problems: [wholeFile(`${file} could not be read: ${toErrorInfo(cause).message}.`, 'Check that it is a file that you may read.')] };
  }
  return read(text);
}

function readText(text: string, file: string, key: 'servers' | 'mcpServers'): McpConfiguration {
  const at = locator(text, file);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  // A parser reports each bracket that is missing at the end: one place needs one look.
  const problems: ConfigProblem[] = errors.filter(({ offset }, i) => errors.findIndex((other) => other.offset === offset) === i).slice(0, 5).flatMap((error) => jsonProblem(text, [error], file) ?? []).map(({ what, location }) => wholeFile(`${file} is not valid JSON: ${what}.`, 'Correct the JSON there.', location));
  if (tree === undefined) return { servers: [], problems };
  const source: ConfigSource = {
    file,
    locate: (path) => {
      // The last of two entries of one name is what the path finds: the first is located by its own name clash.
      const node = findNodeAtLocation(tree, [...path]);
      return node === undefined ? undefined : at((node.parent?.type === 'property' ? node.parent : node).offset);
    },
  };
  const list = findNodeAtLocation(tree, [key]);
  const foreignKey = key === 'servers' ? 'mcpServers' : 'servers';
  const foreign = list === undefined ? findNodeAtLocation(tree, [foreignKey]) : undefined;
  if (foreign !== undefined) problems.push(wholeFile(`"${foreignKey}" is not read in ${file}: there the servers stand in "${key}".`, `Call it "${key}".`, at((foreign.parent ?? foreign).offset)));
  const inputs = readInputs(findNodeAtLocation(tree, ['inputs']), source, problems);
  if (list !== undefined && list.type !== 'object') problems.push(wholeFile(`"${key}" in ${file} must be an object of servers by name.`, 'Write { "NAME": { "command": "..." } }.', at(list.offset)));
  const entries = (list?.type === 'object' ? list.children ?? [] : []).flatMap(({ children }) => {
    const [name, value] = children ?? [];
    // A half-typed entry has no value yet; the JSON error above tells where.
    return typeof name?.value === 'string' && value !== undefined ? [{ written: name.value, raw: getNodeValue(value) as unknown, path: [key, name.value] }] : [];
  });
  const sandbox = findNodeAtLocation(tree, ['sandbox']);
  const { servers, problems: more } = collect(entries, source, inputs, sandbox === undefined ? undefined : getNodeValue(sandbox));
  return { servers, problems: [...problems, ...more] };
}

function readInputs(node: Node | undefined, source: ConfigSource, problems: ConfigProblem[]): readonly McpInput[] {
  return (node?.type === 'array' ? node.children ?? [] : []).flatMap((child, index) => {
    const parsed = inputSchema.safeParse(getNodeValue(child));
    if (parsed.success) {
      const { id, type, description, password, default: fallback, options } = parsed.data;
      return [{ id, type, password, ...(description === undefined ? {} : { description }), ...(fallback === undefined ? {} : { default: fallback }), ...(options === undefined ? {} : { options }) }];
    }
    const issue = parsed.error.issues[0]!;
    problems.push(wholeFile(`Input ${index + 1} in ${source.file} is wrong: "${issue.path.join('.')}": ${plainWords(issue)}.`, 'Write { "type": "promptString", "id": "...", "description": "..." }.', source.locate(['inputs', index])));
    return [];
  });
}

function collect(entries: readonly { readonly written: string; readonly raw: unknown; readonly path: readonly string[] }[], source: ConfigSource, inputs: readonly McpInput[], sandbox?: unknown): McpConfiguration {
  const servers = new Map<string, McpServerConfig>();
  const problems: ConfigProblem[] = [];
  for (const entry of entries) {
    const parsed = parseServerEntry({ ...entry, source, inputs, ...(sandbox === undefined ? {} : { sandbox }) });
    problems.push(...parsed.problems);
    if (parsed.server === undefined) continue;
    const first = servers.get(parsed.server.name);
    if (first === undefined) servers.set(parsed.server.name, parsed.server);
    else problems.push({ ...duplicate(parsed.server, first), severity: 'error' });
  }
  return { servers: [...servers.values()], problems };
}

function duplicate(server: McpServerConfig, first: McpServerConfig): ConfigProblem {
  const place = first.provenance.line === undefined ? first.provenance.file : `${first.provenance.file}:${first.provenance.line}`;
  const { file, line } = server.provenance;
  return {
    severity: 'warning', server: server.title,
    error: {
      code: 'invalid-config', message: `The MCP server "${server.title}" in ${file} is not used: "${first.title}" in ${place} has the name ${first.name} already.`, hint: 'Rename one of the two.',
      ...(line === undefined ? {} : { location: { file, line, column: 1 } }),
    },
  };
}

function wholeFile(message: string, hint: string, location?: SourceLocation): ConfigProblem {
  const error: ErrorInfo = toErrorInfo(new AssassinError('invalid-config', message, { hint, ...(location ? { location } : {}) }));
  return { severity: 'error', error };
}

function locator(text: string, file: string): (offset: number) => SourceLocation {
  return (offset) => ({ file, ...placeIn(text, offset) });
}
