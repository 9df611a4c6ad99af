import { realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { McpServerFacts } from '../policy/mcp-identity.ts';
import type { McpServerConfig } from './mcp-config.ts';
import { expandKnown, type KnownSources } from './variables.ts';

/** A server as its configuration names it, wherever it would be started. */
export function serverFacts({ transport }: Pick<McpServerConfig, 'transport'>): McpServerFacts {
  if (transport.type !== 'stdio') return { type: transport.type, url: transport.url, headerNames: Object.keys(transport.headers) };
  const { command, args, cwd = '', env, envFile } = transport;
  return { type: 'stdio', command, args, cwd, envNames: [...Object.keys(env), ...(envFile === undefined ? [] : [`file ${envFile}`])] };
}

/**
 * What would really be started or reached now: variables filled in, the program looked up in the PATH and followed to the file that it is. Another PATH, a link
 * that leads elsewhere or another value makes another server. Inputs and secrets stay as they are written: answered otherwise they make no other one.
 */
export function resolvedFacts(config: Pick<McpServerConfig, 'transport'>, sources: KnownSources): McpServerFacts {
  const facts = serverFacts(config);
  const fill = (text: string) => expandKnown(text, sources);
  if (facts.type !== 'stdio') return { ...facts, url: fill(facts.url) };
  const cwd = realPath(resolve(sources.workspace, fill(facts.cwd)));
  const env = config.transport.type === 'stdio' ? config.transport.env : {};
  // As the program is started: with the PATH that its own configuration gives it.
  const path = env['PATH'] === null ? '' : fill(env['PATH'] ?? '') || (sources.env('PATH') ?? '');
  return { ...facts, command: programFile(fill(facts.command), cwd, { path, extensions: sources.env('PATHEXT') }), args: facts.args.map(fill), cwd, envNames: facts.envNames.map(fill) };
}

/** The file that a command names; the command itself where there is none. */
function programFile(command: string, cwd: string, { path, extensions }: { readonly path: string; readonly extensions: string | undefined }): string {
  const endings = process.platform === 'win32' ? ['', ...(extensions ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  const folders = isAbsolute(command) || /[\\/]/.test(command) ? [cwd] : path.split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    for (const ending of endings) {
      const file = resolve(cwd, isAbsolute(command) ? `${command}${ending}` : join(folder, `${command}${ending}`));
      if (isFile(file)) return realPath(file);
    }
  }
  return command;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
