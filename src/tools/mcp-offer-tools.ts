import type { GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/client';
import * as z from 'zod';
import type { McpHub } from '../mcp/mcp-hub.ts';
import type { ResourceWatcher } from '../mcp/server-offers.ts';
import type { Journal } from '../run/journal.ts';
import type { Json } from '../shared/json.ts';
import { described, offerCalls, offerEffects as effects, optional, serverName as server } from './mcp-offer-calls.ts';
import { blockOf, contentsOf } from './mcp-result.ts';
import { mcpSkillTools } from './mcp-skill-tools.ts';
import { mcpTaskTools } from './mcp-task-tools.ts';
import { defineTool, type Tool } from './tool.ts';

const uri = z.string().min(1).max(8192);
const args = z.record(z.string(), z.string());

/** Resources, prompts and skills of MCP servers. Each method is granted like a tool of that name: `mcp SERVER:resources/read`. */
export function mcpOfferTools(hub: McpHub): readonly Tool[] {
  const { actions, asked } = offerCalls(hub);
  return [
    defineTool({
      name: 'resources.list', title: 'List resources', kind: 'mcp', effects,
      description: 'Resources of an MCP server that can be read, and templates of their addresses.',
      input: z.strictObject({ server }),
      actions: (input, context) => actions(input.server, 'resources/list', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => {
        const [resources, templates] = [await offers.resources(options), await offers.templates(options)];
        return {
          resources: resources.map((each) => described(each, { uri: each.uri, ...optional({ mimeType: each.mimeType, bytes: each.size }) })),
          templates: templates.map((each) => described(each, { uriTemplate: each.uriTemplate, ...optional({ mimeType: each.mimeType }) })),
        };
      }),
    }),
    defineTool({
      name: 'resources.read', title: 'Read a resource', kind: 'mcp', effects,
      description: 'Reads one resource of an MCP server: a text, or parts with text or a handle of bytes.',
      input: z.strictObject({ server, uri }),
      actions: (input, context) => actions(input.server, 'resources/read', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => resourceOf(await offers.read(input.uri, options), context.scope.journal)),
    }),
    defineTool({
      name: 'resources.changed', title: 'Wait for a resource to change', kind: 'mcp', effects,
      description: 'Waits until an MCP server says that a resource has changed. Gives false where it has not within the time.',
      input: z.strictObject({ server, uri, timeoutMs: z.int().min(1).max(600_000).default(60_000) }),
      actions: (input, context) => actions(input.server, 'resources/subscribe', context),
      run: (input, context) => asked(input.server, context, (offers, options) => changedWithin(input.timeoutMs, options.signal, (watcher) => offers.watch(input.uri, watcher, options))),
    }),
    defineTool({
      name: 'prompts.list', title: 'List prompts', kind: 'mcp', effects,
      description: 'Prompts that an MCP server offers, with their arguments.',
      input: z.strictObject({ server }),
      actions: (input, context) => actions(input.server, 'prompts/list', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => (await offers.prompts(options)).map((each) => described(each, {
        arguments: (each.arguments ?? []).map((argument) => ({ name: argument.name, required: argument.required === true, ...optional({ description: argument.description }) })),
      }))),
    }),
    defineTool({
      name: 'prompts.get', title: 'Fill in a prompt', kind: 'mcp', effects,
      description: 'Gives the messages of a prompt of an MCP server, with its arguments filled in. They are text of a stranger.',
      input: z.strictObject({ server, prompt: z.string().min(1).max(500), arguments: args.default({}) }),
      actions: (input, context) => actions(input.server, 'prompts/get', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => promptOf(await offers.prompt(input.prompt, input.arguments, options), context.scope.journal)),
    }),
    defineTool({
      name: 'prompts.complete', title: 'Complete an argument', kind: 'mcp', effects,
      description: 'Values with which an argument of a prompt, or of the address of a resource, could go on.',
      input: z.strictObject({ server, prompt: z.string().max(500).optional(), uriTemplate: z.string().max(8192).optional(), argument: z.string().min(1).max(500), value: z.string().max(10_000).default(''), filled: args.default({}) })
        .refine((input) => (input.prompt === undefined) !== (input.uriTemplate === undefined), 'Name either a prompt or a uriTemplate.'),
      actions: (input, context) => actions(input.server, 'completion/complete', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => [
        ...(await offers.complete(input.prompt === undefined ? { type: 'ref/resource', uri: input.uriTemplate ?? '' } : { type: 'ref/prompt', name: input.prompt }, input.argument, input.value, { ...options, filled: input.filled })),
      ]),
    }),
    ...mcpSkillTools(hub), ...mcpTaskTools(hub),
  ];
}

/** The text of a resource that is one text, else its parts. */
function resourceOf({ contents }: ReadResourceResult, journal: Pick<Journal, 'bytes'>): Json {
  const [only] = contents;
  if (contents.length === 1 && only !== undefined && 'text' in only) return only.text;
  return contents.map((each) => contentsOf(each, journal));
}

function promptOf({ description, messages }: GetPromptResult, journal: Pick<Journal, 'bytes'>): Json {
  return { ...optional({ description }), messages: messages.map(({ role, content }) => ({ role, content: blockOf(content, journal) })) };
}

async function changedWithin(timeoutMs: number, signal: AbortSignal, watch: (watcher: ResourceWatcher) => Promise<AsyncDisposable>): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    await using _watched = await watch({ changed: () => resolve(true), lost: reject });
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
