import * as z from 'zod';
import type { JsonObject } from '../../shared/json.ts';
import { catalogueQuery, searchCatalogue } from '../../tools/catalogue-tool.ts';
import { parseInput } from '../../tools/tool.ts';
import type { ServedTool } from '../served-tool.ts';

const name = 'search_servers';
/** Looking for servers that could be connected, in what a person has fetched: nothing is asked of a registry, and nothing added. The tools of those that are connected stand behind the search for tools. */
export const publishedServersTool: ServedTool = {
  name,
  title: 'Search published MCP servers',
  description: [
    'Finds published MCP servers by words or by the beginning of a name, in the catalogue of registries as it was fetched last: offline, and nothing is installed. For what is connected already there is search_tools.',
    'A person adds a server, after a look at its whole command, with "infrastructure-assassin mcp catalog add NAME" or "Find MCP server in the catalogue...".',
  ].join(' '),
  inputSchema: z.toJSONSchema(catalogueQuery, { io: 'input' }) as JsonObject,
  effects: { readOnly: true, openWorld: false },
  start: async (runtime, value, options) => {
    const query = parseInput(name, catalogueQuery, value);
    return runtime.startWork({ title: name, source: name, input: value }, options, (scope) =>
      scope.step({ kind: 'mcp', name, input: value }, (step) => {
        const { registries, answer } = searchCatalogue(runtime.mcpCatalog, query);
        // Anybody may publish, and writes what stands there.
        for (const registry of registries) scope.gate.mark({ kind: 'mcp', source: `${registry}:catalogue`, step });
        return Promise.resolve(answer);
      }));
  },
};
