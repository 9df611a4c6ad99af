import { denyAll } from '../policy/approver.ts';
import type { RunHandle, RunManager } from '../run/run-manager.ts';
import type { ToolRegistry } from './registry.ts';

const maxHits = 12;

/** Looks for tools by words, as a run of its own without any grant: servers that it may not ask are named, not started. */
export function startToolSearch({ runs, tools, workspace }: { readonly runs: RunManager; readonly tools: ToolRegistry; readonly workspace: string }, query: string): RunHandle {
  return runs.start({ kind: 'function', title: 'Search tools', source: 'search_tools', workspace, input: { query }, grants: [], rules: [], approver: denyAll }, (scope) =>
    scope.step({ kind: 'tool', name: 'search_tools', input: { query } }, async () => {
      const { index, unasked } = await tools.searchable(scope);
      return { tools: index.search(query, maxHits).map(({ tool: { name, description } }) => ({ name, description })), searched: index.size, unasked: [...unasked] };
    }));
}
