import * as z from 'zod';
import type { McpCatalog } from '../mcp/catalog/mcp-catalog.ts';
import type { Action } from '../policy/action.ts';
import type { Json } from '../shared/json.ts';
import { defineTool, type Tool } from './tool.ts';

/** What somebody asks who looks for a published server. */
export const catalogueQuery = z.strictObject({
  query: z.string().max(500).describe('What the server should be for, in a few words, all of which it has to have; or the beginning of a name with its slash.'),
  registry: z.string().min(1).max(200).optional().describe('Only in this one.'),
  limit: z.int().min(1).max(50).default(10),
});

type Catalogue = Pick<McpCatalog, 'search' | 'syncs'>;

/** Looks through what a person has fetched: nothing is asked of a registry. Throws `invalid-input` for a registry that is not configured. */
export function searchCatalogue(catalog: Catalogue, { query, limit, registry }: z.infer<typeof catalogueQuery>): { readonly registries: readonly string[]; readonly answer: Json } {
  const servers = catalog.search(query, { limit, ...(registry === undefined ? {} : { registry }) });
  const syncs = catalog.syncs();
  return {
    registries: [...new Set(servers.map((hit) => hit.registry))],
    answer: {
      servers: servers.map((hit) => ({ ...hit })),
      registries: syncs.map((sync) => ({ name: sync.registry, url: sync.url, fetchedAt: new Date(sync.at).toISOString(), servers: sync.servers })),
      ...(syncs.length === 0 ? { note: 'The catalogue is empty: a person fetches it with "infrastructure-assassin mcp catalog sync" or "Find MCP server in the catalogue...".' } : {}),
    },
  };
}

/** The search for programs and agents. Each registry is granted like a method of a server, because its texts are those of strangers: `mcp official:catalogue/search`. */
export function catalogueTool(catalog: Catalogue): Tool {
  return defineTool({
    name: 'catalogue.search', title: 'Search published MCP servers', kind: 'mcp', effects: { readOnly: true, untrustedOutput: true },
    description: 'Finds published MCP servers that could be connected, in the catalogue as it was fetched last: offline, and nothing is installed. A person adds them.',
    input: catalogueQuery,
    actions: ({ registry }): readonly Action[] => catalog.syncs().filter((sync) => registry === undefined || sync.registry === registry).map((sync) => ({ kind: 'mcp', server: sync.registry, tool: 'catalogue/search' })),
    run: (input) => Promise.resolve(searchCatalogue(catalog, input).answer),
  });
}
