import type { McpServerFacts } from '../policy/mcp-identity.ts';
import type { McpServerConfig } from './mcp-config.ts';

/** What makes a configured server the one that it is. Variables stay unresolved: their values may be secrets, and an input that is answered otherwise makes no other server. */
export function serverFacts({ transport }: Pick<McpServerConfig, 'transport'>): McpServerFacts {
  if (transport.type !== 'stdio') return { type: transport.type, url: transport.url, headerNames: Object.keys(transport.headers) };
  const { command, args, cwd = '', env, envFile } = transport;
  return { type: 'stdio', command, args, cwd, envNames: [...Object.keys(env), ...(envFile === undefined ? [] : [`file ${envFile}`])] };
}
