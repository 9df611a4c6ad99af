import type { Action, McpAction } from './action.ts';
import type { Rule } from './authorize.ts';
import { forbids, type Grant } from './grant.ts';
import { mcpNamed } from './name-pattern.ts';

/**
 * Whether a server may be started for a look at its tools: by a run that may call at least one of them, as far as that can be said before its tools are known. What a
 * grant says of a tool's definition does not count yet, what it says of the server does.
 */
export function mayLook({ server, pins }: McpAction, grants: readonly Grant[], rules: readonly Rule[]): boolean {
  const restrictions = rules.filter(({ effect, grant }) => effect !== 'allow' && grant.kind === 'mcp');
  return holding(grants, rules).some(({ pattern }) => {
    if (pattern.kind !== 'mcp' || pattern.server !== server || (pattern.serverPin !== undefined && pattern.serverPin !== pins?.server)) return false;
    const call: Action = { kind: 'mcp', server, tool: pattern.tool ?? 'tools/list', ...(pins === undefined ? {} : { pins }) };
    return !restrictions.some(({ grant }) => forbids(grant, call));
  });
}

/** Whether a call hangs on what the server says of the tool now: something that allows it is pinned to a definition, and none is known yet. */
export function hangsOnDefinition(action: McpAction, grants: readonly Grant[], rules: readonly Rule[]): boolean {
  return action.pins?.tool === undefined && holding(grants, rules).some(({ pattern }) => pattern.kind === 'mcp' && pattern.toolPin !== undefined && mcpNamed(pattern, action));
}

function holding(grants: readonly Grant[], rules: readonly Rule[]): readonly Grant[] {
  return [...grants, ...rules.filter(({ effect }) => effect === 'allow').map(({ grant }) => grant)];
}
