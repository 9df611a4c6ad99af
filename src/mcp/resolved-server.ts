import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { AssassinError } from '../shared/errors.ts';
import { findProgram } from './launch/find-program.ts';
import { thisMachine } from './launch/this-machine.ts';
import type { McpSandbox, McpServerConfig } from './mcp-config.ts';
import { cleanEnvironment } from './clean-environment.ts';
import type { McpOAuthConfig } from './oauth/oauth-config.ts';
import { fileFields, oauthTexts, secretFields } from './oauth/oauth-fields.ts';
import { expandVariables, type VariableSources } from './variables.ts';

/** What a server is started with: every variable filled in. Never stored, never shown. */
export type ResolvedTransport =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[]; readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly sandbox?: McpSandbox }
  | { readonly type: 'http' | 'sse'; readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly oauth?: McpOAuthConfig | false };

export interface ResolvedServer {
  readonly transport: ResolvedTransport;
  /** Values that must never be seen again in a journal, log or error. */
  readonly secrets: readonly string[];
}

/** Of variables and headers. A value such as `application/json` must not become a secret: it would be blacked out everywhere. */
const secretName = /token|secret|passw|apikey|auth|credential|private|cookie|session|(^|[_-])(pat|pwd|key)$/i;

/** Fills in the variables, reads the environment file and builds the clean environment. Throws `invalid-config` naming file, line and field. */
export async function resolveServer(config: McpServerConfig, sources: VariableSources): Promise<ResolvedServer> {
  const { transport } = config;
  const passwords = new Set<string>();
  const watched: VariableSources = {
    ...sources,
    input: async (id) => {
      const value = await sources.input(id);
      if (value !== undefined && config.inputs.some((input) => input.id === id && input.password)) passwords.add(value);
      return value;
    },
  };
  const { secret, ...open } = watched;
  const mayHold: VariableSources = secret === undefined ? watched : {
    ...watched,
    secret: async (name) => {
      const value = await secret(name);
      if (value !== undefined) passwords.add(value);
      return value;
    },
  };
  const fill = (field: string, text: string) => expandVariables(text, /^(?:env|headers)\./.test(field) || secretFields.some((name) => field === `oauth.${name}`) ? mayHold : open).catch((error: unknown) => Promise.reject(inField(config, field, error)));
  const fillAll = async (field: string, values: Readonly<Record<string, string>>) => {
    const filled: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) filled[key] = await fill(`${field}.${key}`, value);
    return filled;
  };
  if (transport.type !== 'stdio') {
    const url = parseUrl(config, await fill('url', transport.url));
    const headers = await fillAll('headers', transport.headers);
    const bare = secretsIn(headers).map((value) => value.replace(/^(bearer|basic|token) /i, ''));
    const oauth = transport.oauth === undefined || transport.oauth === false ? transport.oauth : await fillOAuth(transport.oauth, sources.workspace, fill);
    const shown = oauth === undefined || oauth === false ? [] : Object.entries(oauthTexts(oauth)).filter(([field]) => secretFields.includes(field)).map(([, text]) => text);
    return {
      transport: { type: transport.type, url, headers, ...(oauth === undefined ? {} : { oauth }) },
      secrets: [...passwords, ...bare, ...shown, ...(url.password === '' ? [] : [url.password])],
    };
  }
  const command = await fill('command', transport.command);
  const args: string[] = [];
  for (const [index, arg] of transport.args.entries()) args.push(await fill(`args.${index}`, arg));
  const cwd = transport.cwd === undefined ? sources.workspace : resolve(sources.workspace, await fill('cwd', transport.cwd));
  const fromFile = transport.envFile === undefined ? {} : await readEnvFile(config, resolve(sources.workspace, await fill('envFile', transport.envFile)));
  const set = await fillAll('env', Object.fromEntries(Object.entries(transport.env).filter((entry): entry is [string, string] => entry[1] !== null)));
  const env = { ...cleanEnvironment(sources.env), ...fromFile, ...set };
  for (const [name, value] of Object.entries(transport.env)) if (value === null) delete env[name];
  const secrets = secretsIn({ ...fromFile, ...set });
  // A relative program with a folder in it is meant from the working directory, as in a shell; a bare name is looked up in PATH.
  const program = /[\\/]/.test(command) && !isAbsolute(command) ? resolve(cwd, command) : command;
  // With the PATH under which it is found, where the editor's own is too short for it; on Windows its ending is found when it is started.
  const { path } = findProgram(program, { cwd, path: env['PATH'] ?? '' }, thisMachine(sources));
  if (path !== '') env['PATH'] = path;
  const sandbox = transport.sandbox === undefined ? {} : { sandbox: await fillSandbox(transport.sandbox, fill) };
  return { transport: { type: 'stdio', command: program, args, cwd, env, ...sandbox }, secrets: [...passwords, ...secrets] };
}

async function fillSandbox({ filesystem = {}, network = {} }: McpSandbox, fill: (field: string, text: string) => Promise<string>): Promise<McpSandbox> {
  const all = async (name: string, list: readonly string[] = []) => Promise.all(list.map((text, i) => fill(`sandbox.${name}.${i}`, text)));
  return {
    filesystem: { allowWrite: await all('filesystem.allowWrite', filesystem.allowWrite), denyWrite: await all('filesystem.denyWrite', filesystem.denyWrite), denyRead: await all('filesystem.denyRead', filesystem.denyRead) },
    network: { allowedDomains: await all('network.allowedDomains', network.allowedDomains), deniedDomains: await all('network.deniedDomains', network.deniedDomains) },
  };
}

async function fillOAuth(oauth: McpOAuthConfig, workspace: string, fill: (field: string, text: string) => Promise<string>): Promise<McpOAuthConfig> {
  const own: Record<string, string> = {};
  const company: Record<string, string> = {};
  for (const [field, text] of Object.entries(oauthTexts(oauth))) {
    const value = await fill(`oauth.${field}`, text);
    const [, inner] = field.split('.');
    (inner === undefined ? own : company)[inner ?? field] = fileFields.includes(field) ? resolve(workspace, value) : value;
  }
  return { ...oauth, ...own, ...(oauth.identityProvider === undefined ? {} : { identityProvider: { ...oauth.identityProvider, ...company } }) };
}

function secretsIn(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).filter(([name]) => secretName.test(name)).map(([, value]) => value);
}

async function readEnvFile(config: McpServerConfig, file: string): Promise<Record<string, string>> {
  try {
    const values = parseEnv(await readFile(file, 'utf8'));
    return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
  } catch (cause) {
    throw inField(config, 'envFile', new AssassinError('invalid-config', `${file} could not be read`, { hint: 'Create that file, or remove "envFile".', cause }));
  }
}

function parseUrl(config: McpServerConfig, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw inField(config, 'url', new AssassinError('invalid-config', 'it is not an http or https URL once its variables are filled in', { hint: 'Correct the URL.' }));
}

function inField(config: McpServerConfig, field: string, error: unknown): unknown {
  if (!AssassinError.isInstance(error) || error.code !== 'invalid-config') return error;
  const { file, line } = config.provenance;
  return new AssassinError('invalid-config', `The MCP server "${config.title}" cannot be started: "${field}" in ${file}: ${error.message}.`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(line === undefined ? {} : { location: { file, line, column: 1 } }),
    data: { ...error.data, server: config.name, field },
    cause: error,
  });
}
