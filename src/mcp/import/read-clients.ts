import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse as parseJsonc, type ParseError } from 'jsonc-parser';
import * as z from 'zod';
import { describeError } from '../../shared/errors.ts';
import { jsonProblem } from '../../shared/json-problem.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import { commandLine } from '../mcp-config.ts';
import { serverNameOf } from '../server-name.ts';
import { mcpClients, type ClientFile, type ClientPlaces, type McpClient } from './clients.ts';
import { translateEntry, type TranslatedEntry } from './foreign-entry.ts';

/** A server that another program has configured. */
export interface FoundServer extends TranslatedEntry {
  readonly client: Pick<McpClient, 'id' | 'title'>;
  /** The file in which it stands, absolute. */
  readonly file: string;
  readonly name: string;
  /** The whole command line or address, secrets taken out. */
  readonly command: string;
}

export interface FoundServers {
  readonly servers: readonly FoundServer[];
  /** Files and entries that could not be read, in sentences. */
  readonly problems: readonly string[];
}

/** Larger files are no configuration: Claude Code keeps its history in the same file, of some megabytes. */
const maxBytes = 64 * 1024 * 1024;

/** Reads what the known programs have configured on this machine. Writes nothing, starts nothing, and never fails as a whole. */
export async function readClients(places: ClientPlaces, only?: string): Promise<FoundServers> {
  const clients = mcpClients(places).filter(({ id }) => only === undefined || id === only);
  const results = await Promise.all(clients.flatMap((client) => [...new Map(client.files.map((file) => [file.path, file])).values()].map((file) => readClientFile(client, file))));
  return { servers: results.flatMap(({ servers }) => servers), problems: results.flatMap(({ problems }) => problems) };
}

async function readClientFile(client: McpClient, file: ClientFile): Promise<FoundServers> {
  let value: unknown;
  try {
    const text = await readFile(file.path, 'utf8');
    if (text.length > maxBytes) return { servers: [], problems: [`${file.path} is too large to be a configuration.`] };
    value = await parse(text, file.path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return { servers: [], problems: [] };
    return { servers: [], problems: [`${file.path} (${client.title}) could not be read: ${describeError(error)}`] };
  }
  const servers: FoundServer[] = [];
  const problems: string[] = [];
  for (const [written, raw] of file.keys.flatMap((keys) => entriesOf(at(value, keys)))) {
    try {
      servers.push(found(client, file.path, written, raw));
    } catch (error) {
      problems.push(`"${written}" in ${file.path} (${client.title}): ${error instanceof z.ZodError ? error.issues.map(plainIssue).join('; ') : describeError(error)}`);
    }
  }
  return { servers, problems };
}

function found({ id, title, plainUrl }: McpClient, file: string, written: string, raw: unknown): FoundServer {
  const name = serverNameOf(written) ?? 'server';
  const translated = translateEntry(name, raw, { plainUrl });
  const { entry } = translated;
  const command = commandLine({ transport: entry.type === 'stdio' ? { ...entry, env: entry.env ?? {} } : { ...entry, headers: entry.headers ?? {} } });
  return { ...translated, client: { id, title }, file, name, command };
}

async function parse(text: string, path: string): Promise<unknown> {
  if (['.yaml', '.yml'].includes(extname(path))) return (await import('./yaml-value.ts')).yamlValue(text);
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(text, errors, { allowTrailingComma: true });
  const problem = jsonProblem(text, errors, path);
  if (problem !== undefined) throw new Error(`it is not valid JSON: ${problem.what} (${problem.location.line}:${problem.location.column})`);
  return value;
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Readonly<Record<string, unknown>>)[key] : undefined), value);
}

function entriesOf(list: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(list)) return list.map((entry: unknown, i) => [typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string' ? entry.name : `server-${i + 1}`, entry]);
  return typeof list === 'object' && list !== null ? Object.entries(list) : [];
}
