import * as z from 'zod';
import type { JsonObject } from '../../shared/json.ts';
import { parseInput } from '../../tools/tool.ts';
import type { ServedTool } from '../served-tool.ts';

const name = 'search_servers';
const search = z.strictObject({
  query: z.string().max(500).describe('What the server should be for, in a few words, all of which it has to have; or the beginning of a name with its slash.'),
  registry: z.string().min(1).max(200).optional().describe('Only in this one.'),
  limit: z.int().min(1).max(50).default(10),
});

/** Looking for servers that could be connected, in what a person has fetched: nothing is asked of a registry, and nothing added. The tools of those that are connected stand behind the search for tools. */
export const publishedServersTool: ServedTool = {
  name,
  title: 'Search published MCP servers',
  description: [
    'Finds published MCP servers by words or by the beginning of a name, in the catalogue of registries as it was fetched last: offline, and nothing is installed. For what is connected already there is search_tools.',
    'A person adds a server, after a look at its whole command, with "infrastructure-assassin mcp catalog add NAME" or "Find MCP server in the catalogue...".',
  ].join(' '),
  inputSchema: z.toJSONSchema(search, { io: 'input' }) as JsonObject,
  effects: { readOnly: true, openWorld: false },
  start: async (runtime, value, options) => {
    const { query, limit, registry } = parseInput(name, search, value);
    return runtime.startWork({ title: name, source: name, input: value }, options, (scope) =>
      scope.step({ kind: 'mcp', name, input: value }, (step) => {
        const catalog = runtime.mcpCatalog;
        const servers = catalog.search(query, { limit, ...(registry === undefined ? {} : { registry }) });
        // Anybody may publish, and writes what stands there.
        for (const from of new Set(servers.map((hit) => hit.registry))) scope.gate.mark({ kind: 'mcp', source: `${from}:catalogue`, step });
        const syncs = catalog.syncs();
        return Promise.resolve({
          servers: servers.map((hit) => ({ ...hit })),
          registries: syncs.map((sync) => ({ name: sync.registry, url: sync.url, fetchedAt: new Date(sync.at).toISOString(), servers: sync.servers })),
          ...(syncs.length === 0 ? { note: 'The catalogue is empty: a person fetches it with "infrastructure-assassin mcp catalog sync" or "Find MCP server in the catalogue...".' } : {}),
        });
      }));
  },
};
