import { serverNameOf } from '../mcp/server-name.ts';
import type { ServerEntry } from './write-mcp-server.ts';

/** `npx -y @modelcontextprotocol/server-filesystem .` is called `filesystem`, `https://mcp.example.com/x` is called `example`. */
export function suggestServerName(entry: ServerEntry): string {
  if (entry.type === 'http') return serverNameOf(new URL(entry.url).hostname.split('.').at(-2) ?? '') ?? 'server';
  const words = [entry.command, ...entry.args].filter((word) => !word.startsWith('-') && !/^(npx|uvx|node|bunx?|python3?|docker|run|exec)$/.test(word));
  const last = words[0]?.replace(/\.[cm]?[jt]s$|\.py$|\.exe$|@[\d.]+$/g, '').replace(/^.*[\\/]/, '').replace(/^(mcp-)?server-|-(mcp-)?server$/g, '') ?? '';
  return serverNameOf(last) ?? 'server';
}
