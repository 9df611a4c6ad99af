import * as z from 'zod';
import type { ErrorInfo } from '../shared/errors.ts';
import { plainWords } from '../shared/plain-issue.ts';
import { defaultCallTimeoutMs, defaultConnectTimeoutMs, type ConfigProblem, type ConfigSource, type McpInput, type McpServerConfig, type McpTransportConfig } from './mcp-config.ts';
import { meantField } from './misspelt-field.ts';
import { oauthSchema } from './oauth/oauth-config.ts';
import { isReserved, serverNameOf } from './server-name.ts';
import { inputsIn } from './variables.ts';

const milliseconds = z.number().int().min(1).max(86_400_000);

const common = {
  enabled: z.boolean().optional(),
  disabled: z.boolean().optional(),
  timeoutMs: milliseconds.optional(),
  connectTimeoutMs: milliseconds.optional(),
  firstByteTimeoutMs: milliseconds.optional(),
  totalTimeoutMs: milliseconds.optional(),
  restart: z.boolean().optional(),
  lease: z.enum(['run', 'shared']).optional(),
  roots: z.boolean().optional(),
  logLevel: z.enum(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']).optional(),
};

const paths = z.array(z.string().min(1)).optional();
const sandbox = z.looseObject({
  filesystem: z.looseObject({ allowWrite: paths, denyWrite: paths, denyRead: paths }).optional(),
  network: z.looseObject({ allowedDomains: paths, deniedDomains: paths }).optional(),
});

const stdio = z.looseObject({
  ...common,
  type: z.literal('stdio').optional(),
  command: z.string().trim().min(1),
  args: z.array(z.string()).default([]),
  cwd: z.string().min(1).optional(),
  env: z.record(z.string(), z.union([z.string(), z.number().transform(String), z.null()])).default({}),
  envFile: z.string().min(1).optional(),
  sandboxEnabled: z.boolean().optional(),
  sandbox: sandbox.optional(),
});

const http = z.looseObject({
  ...common,
  type: z.enum(['http', 'sse', 'streamable-http', 'streamableHttp']).default('http'),
  url: z.string().regex(/^(https?:\/\/|\$\{)/, 'must begin with http:// or https://'),
  headers: z.record(z.string(), z.string()).default({}),
  oauth: oauthSchema.optional(),
});

/** Fields of other clients that would change what a server may do. They are not obeyed, and the file's reader is told so. */
const notObeyed: Readonly<Record<string, string>> = {
  autoApprove: 'what may be called is decided by the grants of each run',
  alwaysAllow: 'what may be called is decided by the grants of each run',
  trust: 'what may be called is decided by the grants of each run',
};

/** Others on this machine reach what listens on a port, and not what listens on a socket. */
const socketHint = 'Let the server listen on an address of this machine and write that, such as "http://127.0.0.1:8080/mcp"; or lead a port to the socket: socat TCP-LISTEN:8080,bind=127.0.0.1,fork UNIX-CONNECT:PATH. Others on this machine reach a port too: let the server ask for a token.';

/** The fields that an entry may have, for the schemas that the editor completes by. */
export const entryFields = { stdio: Object.keys(stdio.shape), http: Object.keys(http.shape) } as const;

const allFields = [...new Set([...entryFields.stdio, ...entryFields.http])];

export interface EntryOptions {
  /** The key of the entry, as written. */
  readonly written: string;
  readonly raw: unknown;
  /** The keys that lead to the entry in its file. */
  readonly path: readonly (string | number)[];
  readonly source: ConfigSource;
  readonly inputs: readonly McpInput[];
  /** What the file says of sandboxes for all its servers. */
  readonly sandbox?: unknown;
}

/** Checks one entry. Everything wrong in it is reported with file, line and field, as `invalid-config`. */
export function parseServerEntry(options: EntryOptions): { readonly server?: McpServerConfig; readonly problems: readonly ConfigProblem[] } {
  const { written, raw, path, source } = options;
  const problems: ConfigProblem[] = [];
  const report = (severity: ConfigProblem['severity'], field: readonly (string | number)[], what: string, hint: string) => {
    const location = source.locate([...path, ...field]) ?? source.locate(path);
    const error: ErrorInfo = { code: 'invalid-config', message: `The MCP server "${written}" in ${source.file}: ${what}.`, hint, ...(location ? { location } : {}), data: { server: written, field: field.join('.'), what } };
    problems.push({ severity, server: written, error });
  };
  const name = serverNameOf(written);
  if (name === undefined) report('error', [], isReserved(written) ? `JavaScript looks up "${written}" by itself, so no server can have that name` : 'the name holds nothing that code could use', 'Name it with letters, digits, - and _, beginning with a letter.');
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report('error', [], 'it must be an object', 'Write { "command": "...", "args": [...] } or { "type": "http", "url": "https://..." }.');
    return { problems };
  }
  for (const key of Object.keys(raw)) {
    const meant = Object.hasOwn(notObeyed, key) ? undefined : meantField(key, allFields);
    if (meant !== undefined) report('warning', [key], `"${key}" is no field of a server and is not read`, `Did you mean "${meant}"?`);
  }
  const parsed = transportOf(raw) === 'http' ? http.transform(toHttp).safeParse(raw) : stdio.transform(toStdio).safeParse(options.sandbox === undefined ? raw : { sandbox: options.sandbox, ...raw });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = issue.path.filter((key) => typeof key !== 'symbol');
      // Of an entry without an address and a program the kind is not what is wrong: "http" without "url" is no wish for a program.
      if (field[0] === 'type' && !('command' in raw) && !('url' in raw)) continue;
      const missing = field.length === 1 && field[0] === 'command' && !('command' in raw);
      const socket = field.length === 1 && field[0] === 'url' && 'url' in raw && typeof raw.url === 'string' && /^(?:unix|pipe):/.test(raw.url);
      const what = missing ? 'it has neither "command" nor "url"' : socket ? '"url" is a socket, and servers are reached over http and https only' : `"${field.join('.')}" is wrong: ${lowerFirst(plainWords(issue))}`;
      report('error', field, what, socket ? socketHint : missing ? 'Give the program to start in "command", or the address of a remote server in "url".' : 'Correct that field.');
    }
    return { problems };
  }
  for (const [field, why] of Object.entries(notObeyed)) if (field in raw) report('warning', [field], `"${field}" is not obeyed: ${why}`, 'Remove it, or leave it for the other program that reads this file.');
  for (const field of ofTheOtherKind(raw)) report('warning', [field], transportOf(raw) === 'http' ? `"${field}" is not read: it is for a program that is started here, and this is a server at an address` : `"${field}" is not read: it is for a server at an address, and "command" starts a program here`, 'Remove it, or make two entries of this one.');
  if (transportOf(raw) === 'http' && 'sandboxEnabled' in raw) report('warning', ['sandboxEnabled'], '"sandboxEnabled" is not obeyed: only programs of this machine can be started in a sandbox', 'Remove it.');
  const { transport, settings } = parsed.data;
  const wanted = inputsIn(transport);
  for (const id of wanted) if (!options.inputs.some((input) => input.id === id)) report('error', [], `it needs the input "${id}", which the file does not declare`, `Add { "type": "promptString", "id": "${id}" } to "inputs".`);
  if (name === undefined || problems.some((problem) => problem.severity === 'error')) return { problems };
  const line = source.locate(path)?.line;
  return {
    problems,
    server: {
      name, title: written, transport,
      provenance: { file: source.file, ...(line === undefined ? {} : { line }) },
      enabled: settings.enabled ?? !(settings.disabled ?? false),
      connectTimeoutMs: settings.connectTimeoutMs ?? defaultConnectTimeoutMs,
      timeoutMs: settings.timeoutMs ?? defaultCallTimeoutMs,
      ...(settings.firstByteTimeoutMs === undefined ? {} : { firstByteTimeoutMs: settings.firstByteTimeoutMs }),
      ...(settings.totalTimeoutMs === undefined ? {} : { totalTimeoutMs: settings.totalTimeoutMs }),
      ...(settings.lease === 'shared' ? { lease: 'shared' } : {}),
      ...(settings.restart === false ? { restart: false } : {}),
      ...(settings.roots === undefined ? {} : { roots: settings.roots }),
      ...(settings.logLevel === undefined ? {} : { logLevel: settings.logLevel }),
      inputs: options.inputs.filter((input) => wanted.has(input.id)),
    },
  };
}

interface Parsed {
  readonly transport: McpTransportConfig;
  readonly settings: { readonly [Key in keyof typeof common]?: z.infer<(typeof common)[Key]> };
}

const transportOf = (raw: object): 'stdio' | 'http' => ('url' in raw && !('command' in raw) ? 'http' : 'stdio');

/** Fields with something in them that only entries of the other kind have. A sandbox is told of by itself. */
function ofTheOtherKind(raw: object): readonly string[] {
  const kind = transportOf(raw);
  const own: readonly string[] = [...entryFields[kind], 'sandbox', 'sandboxEnabled'];
  return Object.entries(raw).filter(([key, value]) => allFields.includes(key) && !own.includes(key) && (typeof value !== 'object' || value === null || Object.keys(value).length > 0)).map(([key]) => key);
}

function toStdio(data: z.infer<typeof stdio>): Parsed {
  const { command, args, env, cwd, envFile, sandboxEnabled = false, sandbox: lets = {} } = data;
  return { settings: data, transport: { type: 'stdio', command, args, env, ...(cwd === undefined ? {} : { cwd }), ...(envFile === undefined ? {} : { envFile }), ...(sandboxEnabled ? { sandbox: lets } : {}) } };
}

function toHttp(data: z.infer<typeof http>): Parsed {
  return { settings: data, transport: { type: data.type === 'sse' ? 'sse' : 'http', url: data.url, headers: data.headers, ...(data.oauth === undefined ? {} : { oauth: data.oauth }) } };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
