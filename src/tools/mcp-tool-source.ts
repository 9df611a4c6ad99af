import type { McpHub } from '../mcp/mcp-hub.ts';
import { nearNames } from '../mcp/near-names.ts';
import { clip } from '../mcp/tail.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { checkArguments } from './mcp-arguments.ts';
import { resultOf } from './mcp-result.ts';
import type { ToolListing, ToolSource } from './registry.ts';
import type { Effects, Tool, ToolContext } from './tool.ts';

const prefix = 'mcp.';

/** Tools of MCP servers under `mcp.SERVER.TOOL`. A lookup starts nothing: the server comes up inside the call, when the gate has allowed it. */
export class McpToolSource implements ToolSource {
  readonly prefix = prefix;
  readonly #hub: McpHub;

  constructor(hub: McpHub) {
    this.#hub = hub;
  }

  find(name: string, _scope: RunScope): Promise<Tool | undefined> {
    // Server names hold no dot, tool names may.
    const [, server, tool] = /^mcp\.([^.]+)\.(.+)$/s.exec(name) ?? [];
    return Promise.resolve(server === undefined || tool === undefined ? undefined : this.#tool(name, server, tool));
  }

  async list(scope: RunScope): Promise<ToolListing> {
    const unasked: string[] = [];
    const lists = await Promise.all(this.#hub.servers().map(async ({ name: server }) => {
      const known = this.#hub.knownTools(server) ?? (mayStart(server, scope) ? await this.#hub.tools(server, scope).catch((error: unknown) => scope.log('warn', describeError(error))) : undefined);
      if (known) return known.map((tool) => this.#tool(`${prefix}${server}.${tool.name}`, server, tool.name, tool));
      unasked.push(server);
      return [];
    }));
    return { tools: lists.flat(), unasked };
  }

  #tool(name: string, server: string, tool: string, known = this.#hub.knownTools(server)?.find((candidate) => candidate.name === tool)): Tool {
    return {
      name,
      title: known?.title ?? tool,
      description: known?.description ?? `The tool ${tool} of the MCP server ${server}, which has not been asked yet what it offers.`,
      kind: 'mcp',
      inputSchema: known?.inputSchema ?? { type: 'object' },
      ...(known?.outputSchema === undefined ? {} : { outputSchema: known.outputSchema }),
      effects: effectsOf(known?.annotations),
      parse: (input) => argumentsOf(name, input),
      actions: () => [{ kind: 'mcp', server, tool }],
      run: (input, context) => this.#call(name, server, tool, argumentsOf(name, input), context),
    };
  }

  async #call(name: string, server: string, tool: string, args: JsonObject, { scope, step, signal }: ToolContext): Promise<Json> {
    const running = await this.#hub.acquire(server, scope, step);
    const definition = running.tools.find((candidate) => candidate.name === tool);
    if (definition === undefined) throw unknownTool(server, tool, running.tools.map((candidate) => candidate.name));
    await checkArguments(name, definition, args);
    return resultOf(name, await running.callTool(tool, args, { signal, step, onProgress: reporter(scope, `${server}.${tool}`) }), scope.journal);
  }
}

/** A server may be started for a look at its tools by a run that may call at least one of them. */
function mayStart(server: string, { gate }: RunScope): boolean {
  const own = `mcp ${server}:`;
  const named = gate.grants.filter(({ text }) => text.startsWith(own)).map(({ text }) => text.slice(own.length).replace(/^\*$/, 'tools/list'));
  return ['tools/list', ...named].some((tool) => gate.allows({ kind: 'mcp', server, tool }));
}

/** Shortest time between two reports of one call: each is an event on disk, and a server may send thousands a second. */
const reportMs = 100;

function reporter(scope: RunScope, name: string): (message: string | undefined, fraction: number | undefined) => void {
  let last = -reportMs;
  return (message, fraction) => {
    const now = performance.now();
    if (now - last < reportMs) return;
    last = now;
    scope.progress(message === undefined ? name : `${name}: ${clip(message, 200)}`, fraction);
  };
}

function argumentsOf(name: string, input: Json): JsonObject {
  if (input === null) return {};
  if (typeof input === 'object' && !Array.isArray(input)) return input as JsonObject;
  throw new AssassinError('invalid-input', `${name} takes one object of named arguments, but got ${Array.isArray(input) ? 'a list' : `a ${typeof input}`}.`, { hint: `Call it like ${name}({ name: value }).`, data: { tool: name } });
}

function unknownTool(server: string, tool: string, names: readonly string[]): AssassinError {
  const near = nearNames(tool, names);
  const shown = names.length > 30 ? `${names.slice(0, 30).join(', ')} and ${names.length - 30} more` : names.join(', ');
  return new AssassinError('tool-not-found', `The MCP server "${server}" has no tool "${tool}".`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : names.length === 0 ? 'It offers no tools at all.' : `It offers: ${shown}.`,
    data: { server, tool, near: [...near] },
  });
}

/** A server's own word on what its tools do is a hint for people; whatever it leaves open is taken for the worst. */
function effectsOf(annotations: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean; readonly openWorldHint?: boolean } = {}): Effects {
  const readOnly = annotations.readOnlyHint ?? false;
  return { readOnly, destructive: !readOnly && (annotations.destructiveHint ?? true), openWorld: annotations.openWorldHint ?? true, untrustedOutput: true };
}
