import * as z from 'zod';
import { descriptionsOf } from '../../policy/untrusted.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { isForPrograms } from '../../tools/guest-bindings.ts';
import { guestTopics, guestTopicTypes, topicOf } from '../../tools/guest-topics.ts';
import { mcpDeclarations, type DeclaredTool } from '../../tools/schema-to-typescript.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

const maxHits = 12;
const maxDescription = 160;
const question = z.string().min(1).max(400);

// Made once: building a schema costs more than most calls.
const searchToolsInput = z.strictObject({ query: z.union([question, z.array(question).min(1).max(8)]) });
const describeToolsInput = z.strictObject({ names: z.array(z.string().min(1).max(300)).min(1).max(20) });

/** However many tools are connected, a model learns of those that it looks for, and only of them. */
export function findTools({ scope, tools }: Pick<TaskContext, 'scope' | 'tools'>): readonly Tool[] {
  return [
    defineTool({
      name: 'search_tools', title: 'Search tools', kind: 'tool', effects: { readOnly: true, untrustedOutput: true },
      description: 'Finds tools that code can call, by words. With several steps ahead, give one query for each.',
      input: searchToolsInput,
      run: async ({ query }, { step }) => {
        const { index, unasked } = await tools.searchable(scope);
        // A model would write calls of what code cannot call.
        const callable = ({ name }: Tool) => isForPrograms(name);
        const hits = typeof query === 'string' ? index.search(query, maxHits, callable) : index.searchAll(query, maxHits + 4 * (query.length - 1), callable);
        markDescribed(scope, hits.map(({ tool }) => tool), step);
        const lines = hits.map(({ tool }) => `${tool.name}${argumentsOf(tool)}: ${oneLine(tool.description)}`);
        const servers = unasked.length === 0 ? [] : [`Not searched, because this run has no grant for them: the MCP servers ${unasked.join(', ')}.`];
        return [...(lines.length === 0 ? [`Nothing was found among ${index.size} tools.`] : lines), ...servers].join('\n');
      },
    }),
    defineTool({
      name: 'describe_tools', title: 'Describe tools', kind: 'tool', effects: { readOnly: true, untrustedOutput: true },
      description: `Gives the TypeScript declarations of tools (mcp.SERVER.TOOL, mcp.SERVER) or of a topic: ${guestTopics.join(', ')}.`,
      input: describeToolsInput,
      run: async ({ names }, { step }) => {
        const { tools: all } = await tools.catalog(scope);
        const topics = new Set(names.flatMap((name) => guestTopics.find((topic) => topic === name) ?? topicOf(name) ?? []));
        const wanted = all.filter(({ name }) => name.startsWith('mcp.') && names.some((each) => name === each || name.startsWith(`${each}.`)));
        markDescribed(scope, wanted, step);
        const known = (name: string) => guestTopics.some((topic) => topic === name) || topicOf(name) !== undefined || wanted.some((tool) => tool.name === name || tool.name.startsWith(`${name}.`));
        const missing = names.filter((name) => !known(name));
        return [
          ...[...topics].map(guestTopicTypes),
          ...(wanted.length === 0 ? [] : [mcpDeclarations(servers(wanted))]),
          ...missing.map((name) => `There is no tool ${name}; search for it.`),
        ].join('\n\n');
      },
    }),
  ];
}

/** Descriptions are text of whoever wrote the server, and a model obeys text wherever it stands. */
export function markDescribed({ gate }: Pick<RunScope, 'gate'>, tools: readonly Tool[], step?: string): void {
  const named = new Set(tools.flatMap(({ name }) => /^mcp\.([^.]+)\./.exec(name)?.[1] ?? []));
  for (const server of named) gate.mark({ ...descriptionsOf(server), ...(step === undefined ? {} : { step }) });
}

function servers(tools: readonly Tool[]): Parameters<typeof mcpDeclarations>[0] {
  const byServer = new Map<string, DeclaredTool[]>();
  for (const { name, ...tool } of tools) {
    const [, server = '', short = ''] = /^mcp\.([^.]+)\.(.+)$/s.exec(name) ?? [];
    const list = byServer.get(server) ?? [];
    list.push({ ...tool, name: short });
    byServer.set(server, list);
  }
  return [...byServer].map(([name, list]) => ({ name, tools: list }));
}

/** What it cannot be called without, so that many a tool need not be described at all. */
function argumentsOf({ name, inputSchema: { required, properties } }: Tool): string {
  // Built-in tools are methods with types of their own, not functions of one object.
  if (!name.startsWith('mcp.')) return '';
  const optional = typeof properties === 'object' && properties !== null && Object.keys(properties).length > (Array.isArray(required) ? required.length : 0);
  return `({ ${[...(Array.isArray(required) ? required : []), ...(optional ? ['...'] : [])].join(', ')} })`.replace('({  })', '()');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxDescription ? `${line.slice(0, maxDescription)}...` : line;
}
