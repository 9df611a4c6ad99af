import * as z from 'zod';
import type { Json, JsonObject } from '../../shared/json.ts';
import { parseInput } from '../../tools/tool.ts';
import type { ServedTool } from '../served-tool.ts';

const search = z.strictObject({
  query: z.union([z.string().min(1).max(1000), z.array(z.string().min(1).max(1000)).min(1).max(10)]).describe('What the tool should do, in words. With several steps ahead, one query for each.'),
  limit: z.int().min(1).max(20).default(6),
});
const call = z.strictObject({
  name: z.string().min(1).max(300).describe('As the search gives it, for example mcp.github.search_issues.'),
  input: z.record(z.string(), z.json()).default({}).describe('Its arguments, as its inputSchema says.'),
});

/** Thousands of tools behind two: whoever connects has no prompt to pay for them. */
export const catalogueTools: readonly ServedTool[] = [
  {
    name: 'search_tools',
    title: 'Search tools',
    description: 'Finds tools among everything that is connected here: built-in ones and those of MCP servers. Gives names, descriptions and input schemas; call them with call_tool. Servers that this connection may not use are named as unasked.',
    inputSchema: z.toJSONSchema(search, { io: 'input' }) as JsonObject,
    effects: { readOnly: true, openWorld: false },
    start: (runtime, value, options) => {
      const { query, limit } = parseInput('search_tools', search, value);
      const queries = typeof query === 'string' ? [query] : query;
      return runtime.startWork({ title: 'search_tools', source: 'search_tools', input: value }, options, (scope) =>
        scope.step({ kind: 'tool', name: 'search_tools', input: value }, async () => {
          const { index, unasked } = await runtime.tools.searchable(scope);
          const found = new Map<string, Json>();
          for (const each of queries) {
            for (const { tool: { name, description, inputSchema } } of index.search(each, limit)) found.set(name, { name, description, inputSchema });
          }
          return { tools: [...found.values()], searched: index.size, unasked: [...unasked] };
        }));
    },
  },
  {
    name: 'call_tool',
    title: 'Call a tool',
    description: 'Calls a tool that a search for tools has found. It needs a grant for what it does, or a person who allows it.',
    inputSchema: z.toJSONSchema(call, { io: 'input' }) as JsonObject,
    effects: { readOnly: false, openWorld: true },
    start: (runtime, value, options) => {
      const { name, input } = parseInput('call_tool', call, value);
      return runtime.startTool(name, input, options);
    },
  },
];
