import { basename, sep } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import type { McpTransportConfig } from './mcp-config.ts';

/** Where the values of variables come from. Injected: the editor asks the person, the command line reads its flags. */
export interface VariableSources {
  readonly workspace: string;
  readonly home: string;
  readonly env: (name: string) => string | undefined;
  /** The value of an input, `undefined` where nobody gave one. */
  readonly input: (id: string) => Promise<string | undefined>;
}

const variable = /\$\{([^${}]*)\}/g;

/**
 * Fills in `${workspaceFolder}`, `${workspaceFolderBasename}`, `${userHome}`, `${pathSeparator}`, `${env:NAME}`, `${input:id}`, and the
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

async function valueOf(name: string, { workspace, home, env, input }: VariableSources): Promise<string> {
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
  if (name.startsWith('input:')) {
    const id = name.slice('input:'.length);
    const value = await input(id);
    if (value !== undefined) return value;
    throw new AssassinError('invalid-config', `The input "${id}" has no value`, { hint: `Give "${id}" when you are asked for it.`, data: { input: id } });
  }
  const [, explicit, plain, fallback] = /^(?:env:(.+)|([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?)$/s.exec(name) ?? [];
  const variableName = explicit ?? plain;
  if (variableName === undefined) {
    throw new AssassinError('invalid-config', `\${${name}} is not a variable that is known here`, { hint: 'Use ${workspaceFolder}, ${userHome}, ${env:NAME} or ${input:id}.' });
  }
  const value = env(variableName) ?? fallback;
  if (value !== undefined) return value;
  throw new AssassinError('invalid-config', `The environment variable ${variableName} is not set`, { hint: `Set ${variableName} where this program is started, or write the value differently.`, data: { env: variableName } });
}

/** The ids of all inputs that a server's texts refer to. */
export function inputsIn(transport: McpTransportConfig): ReadonlySet<string> {
  const texts = transport.type === 'stdio'
    ? [transport.command, ...transport.args, transport.cwd ?? '', transport.envFile ?? '', ...Object.values(transport.env).map((value) => value ?? '')]
    : [transport.url, ...Object.values(transport.headers)];
  return new Set(texts.flatMap((text) => [...text.matchAll(variable)].map((match) => match[1]!).filter((name) => name.startsWith('input:')).map((name) => name.slice('input:'.length))));
}
