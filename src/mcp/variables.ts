import { basename, sep } from 'node:path';
import { referredSecrets, secretVariable } from '../policy/secret-references.ts';
import { AssassinError } from '../shared/errors.ts';
import { didYouMean, nearNames } from '../shared/near-names.ts';
import type { McpTransportConfig } from './mcp-config.ts';
import type { McpOAuthConfig } from './oauth/oauth-config.ts';
import { oauthTexts } from './oauth/oauth-fields.ts';

/** What is known without asking anybody. */
export interface KnownSources {
  readonly workspace: string;
  readonly home: string;
  readonly env: (name: string) => string | undefined;
}

/** Where the values of variables come from. Injected: the editor asks the person, the command line reads its flags. */
export interface VariableSources extends KnownSources {
  /** The value of a stored secret; absent where none may stand. */
  readonly secret?: (name: string) => Promise<string | undefined>;
  /** The value of an input, `undefined` where nobody gave one. */
  readonly input: (id: string) => Promise<string | undefined>;
}

const variable = /\$\{([^${}]*)\}/g;

/**
 * Fills in `${workspaceFolder}`, `${workspaceFolderBasename}`, `${userHome}`, `${pathSeparator}`, `${env:NAME}`, `${input:id}`, `${secret:NAME}`, and the
 * `${NAME}` and `${NAME:-default}` of `.mcp.json`. One that has no value is an error: an empty text in its place could change what a command does.
 */
export async function expandVariables(text: string, sources: VariableSources): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(variable)) {
    parts.push(text.slice(end, match.index), await valueOf(match[1]!, sources));
    end = match.index + match[0].length;
  }
  return parts.join('') + text.slice(end);
}

/** The same as far as nobody has to be asked: inputs, secrets and what has no value stay as they are written. */
export function expandKnown(text: string, sources: KnownSources): string {
  return text.replace(variable, (whole, name: string) => knownValue(name, sources) ?? whole);
}

async function valueOf(name: string, sources: VariableSources): Promise<string> {
  const known = knownValue(name, sources);
  if (known !== undefined) return known;
  if (name.startsWith('input:')) {
    const id = name.slice('input:'.length);
    const value = await sources.input(id);
    if (value !== undefined) return value;
    throw new AssassinError('invalid-config', `The input "${id}" has no value`, { hint: `Declare "${id}" under "inputs", and give its value when you are asked for it.`, data: { input: id } });
  }
  if (name.startsWith('secret:')) return secretValue(name.slice('secret:'.length), sources);
  const variableName = /^(?:env:)?(.+)$/s.exec(name)?.[1] ?? name;
  if (!environmentVariable.test(name)) {
    throw new AssassinError('invalid-config', `\${${name}} is not a variable that is known here`, { hint: 'Use ${workspaceFolder}, ${userHome}, ${env:NAME}, ${input:id} or ${secret:NAME}.' });
  }
  const near = name === variableName ? nearNames(name, ownVariables).map((each) => `\${${each}}`) : [];
  throw new AssassinError('invalid-config', `The environment variable ${variableName} is not set`, { hint: didYouMean(near) ?? `Set ${variableName} where this program is started, or write the value differently.`, data: { env: variableName } });
}

async function secretValue(name: string, { secret }: VariableSources): Promise<string> {
  if (secret === undefined) throw new AssassinError('invalid-config', `\${secret:${name}} cannot stand here`, { hint: 'Secrets may stand in "env" and "headers": a command line is seen by every program of this computer.', data: { secret: name } });
  const value = await secret(name);
  if (value !== undefined && value !== '') return value;
  throw new AssassinError('invalid-config', `There is no secret "${name}"`, { hint: `Store it with "Store secret..." in the editor, or set the environment variable ${secretVariable(name)}.`, data: { secret: name } });
}

const ownVariables = ['workspaceFolder', 'workspaceFolderBasename', 'userHome', 'pathSeparator'];

const environmentVariable = /^(?:env:(.+)|([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?)$/s;

function knownValue(name: string, { workspace, home, env }: KnownSources): string | undefined {
  switch (name) {
    case 'workspaceFolder':
      return workspace;
    case 'workspaceFolderBasename':
      return basename(workspace);
    case 'userHome':
      return home;
    case 'pathSeparator':
    case '/':
      return sep;
    default:
      break;
  }
  if (/^(?:input|secret):/.test(name)) return undefined;
  const [, explicit, plain, fallback] = environmentVariable.exec(name) ?? [];
  const variableName = explicit ?? plain;
  return variableName === undefined ? undefined : env(variableName) ?? fallback;
}

/** The ids of all inputs that a server's texts refer to. */
export function inputsIn(transport: McpTransportConfig): ReadonlySet<string> {
  const texts = transport.type === 'stdio'
    ? [transport.command, ...transport.args, transport.cwd ?? '', transport.envFile ?? '', ...Object.values(transport.env).map((value) => value ?? '')]
    : [transport.url, ...Object.values(transport.headers), ...textsOf(transport.oauth)];
  return new Set(texts.flatMap((text) => [...text.matchAll(variable)].map((match) => match[1]!).filter((name) => name.startsWith('input:')).map((name) => name.slice('input:'.length))));
}

/** The names of the stored secrets that a server is started with. */
export function secretsOf(transport: McpTransportConfig): readonly string[] {
  return referredSecrets(transport.type === 'stdio' ? Object.values(transport.env) : [...Object.values(transport.headers), ...textsOf(transport.oauth)]);
}

function textsOf(oauth: McpOAuthConfig | false | undefined): readonly string[] {
  return oauth === undefined || oauth === false ? [] : Object.values(oauthTexts(oauth));
}
