import { guestModuleSource } from './guest-module.ts';

const bound: ReadonlySet<string> = new Set([...guestModuleSource.matchAll(/(?:start|#act)\('([\w.]+)'/g)].map((match) => match[1]!));

/** Whether programs can call a tool of this name: any of an MCP server, and those built-in ones that the module has a function for. */
export function isForPrograms(name: string): boolean {
  return name.startsWith('mcp.') || bound.has(name);
}
