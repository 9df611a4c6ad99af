import type { McpTool } from './mcp-tool.ts';

const byName = new WeakMap<readonly McpTool[], ReadonlyMap<string, McpTool>>();

/** The tool of a list by its name. The list is gone through once: each call looks for its tool, and a server may have tens of thousands. */
export function toolNamed(tools: readonly McpTool[] | undefined, name: string): McpTool | undefined {
  if (tools === undefined) return undefined;
  let named = byName.get(tools);
  if (named === undefined) byName.set(tools, (named = new Map(tools.map((tool) => [tool.name, tool]))));
  return named.get(name);
}
