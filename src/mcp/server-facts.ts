import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { McpServerFacts } from '../policy/mcp-identity.ts';
import { findProgram } from './launch/find-program.ts';
import { thisMachine } from './launch/this-machine.ts';
import type { McpServerConfig } from './mcp-config.ts';
import type { McpOAuthConfig } from './oauth/oauth-config.ts';
import { expandKnown, type KnownSources } from './variables.ts';

/** A server as its configuration names it, wherever it would be started. */
export function serverFacts({ transport }: Pick<McpServerConfig, 'transport'>): McpServerFacts {
  if (transport.type !== 'stdio') return { type: transport.type, url: transport.url, headerNames: [...Object.keys(transport.headers), ...shownTo(transport.oauth)] };
  const { command, args, cwd = '', env, envFile, sandbox } = transport;
  return { type: 'stdio', command, args, cwd, envNames: [...Object.keys(env), ...(envFile === undefined ? [] : [`file ${envFile}`])], ...(sandbox === undefined ? {} : { sandbox }) };
}

/** A signed token of this machine that an entry has sent somewhere: which, and to whom. */
function shownTo(oauth: McpOAuthConfig | false | undefined): readonly string[] {
  if (oauth === undefined || oauth === false) return [];
  const { assertion, assertionFile, issuer = '', identityProvider: company } = oauth;
  if (company !== undefined) return [`${company.idTokenFile ?? 'identity token'} to ${company.issuer} for ${issuer}`];
  return assertion === undefined && assertionFile === undefined ? [] : [`${assertionFile ?? 'assertion'} to ${issuer}`];
}

/**
 * What would really be started or reached now: variables filled in, the program looked up in the PATH and followed to the file that it is. Another PATH, a link
 * that leads elsewhere or another value makes another server. Inputs and secrets stay as they are written: answered otherwise they make no other one.
 */
export function resolvedFacts(config: Pick<McpServerConfig, 'transport'>, sources: KnownSources): McpServerFacts {
  const facts = serverFacts(config);
  const fill = (text: string) => expandKnown(text, sources);
  if (facts.type !== 'stdio') return { ...facts, url: fill(facts.url), headerNames: facts.headerNames.map(fill) };
  const cwd = realPath(resolve(sources.workspace, fill(facts.cwd)));
  const env = config.transport.type === 'stdio' ? config.transport.env : {};
  // As the program is started: with the PATH that its own configuration gives it.
  const path = env['PATH'] === null ? '' : fill(env['PATH'] ?? '') || (sources.env('PATH') ?? '');
  const command = fill(facts.command);
  const { file } = findProgram(command, { cwd, path }, thisMachine(sources));
  return { ...facts, command: file === undefined ? command : realPath(file), args: facts.args.map(fill), cwd, envNames: facts.envNames.map(fill) };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
