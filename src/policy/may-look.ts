import type { Action } from './action.ts';
import type { Rule } from './authorize.ts';
import { forbids, type Grant } from './grant.ts';

/**
 * Whether a server may be started for a look at its tools: by a run that may call at least one of them, as far as that can be said before its tools are known. What a
 * grant says of a tool's definition does not count yet, what it says of the server does.
 */
export function mayLook({ server, pins }: Extract<Action, { kind: 'mcp' }>, grants: readonly Grant[], rules: readonly Rule[]): boolean {
  const held = [...grants, ...rules.filter(({ effect }) => effect === 'allow').map(({ grant }) => grant)];
  const restrictions = rules.filter(({ effect, grant }) => effect !== 'allow' && grant.kind === 'mcp');
  return held.some(({ pattern }) => {
    if (pattern.kind !== 'mcp' || pattern.server !== server || (pattern.serverPin !== undefined && pattern.serverPin !== pins?.server)) return false;
    const call: Action = { kind: 'mcp', server, tool: pattern.tool ?? 'tools/list', ...(pins === undefined ? {} : { pins }) };
    return !restrictions.some(({ grant }) => forbids(grant, call));
  });
}
