import type { McpHub } from '../mcp/mcp-hub.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import type { RunServer } from '../mcp/run-server.ts';
import { didYouMean, nearNames } from '../shared/near-names.ts';
import { clip } from '../mcp/tail.ts';
import { toolNamed } from '../mcp/tool-named.ts';
import type { McpAction } from '../policy/action.ts';
import { toolIdentity, type McpToolFacts } from '../policy/mcp-identity.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { checkArguments } from './mcp-arguments.ts';
import { resultOf } from './mcp-result.ts';
import { hidingSecrets } from './secret-inputs.ts';
import type { ToolListing, ToolSource } from './registry.ts';
import type { Effects, Tool, ToolContext } from './tool.ts';

const prefix = 'mcp.';

/** Tools of MCP servers under `mcp.SERVER.TOOL`. A lookup starts nothing: the server comes up inside the call, when the gate has allowed it. */
export class McpToolSource implements ToolSource {
  readonly prefix = prefix;
  readonly #hub: McpHub;
  /** For each definition the tool, and the call of it: both are asked for with each call, and the same until the server says something else. */
  readonly #made = new WeakMap<McpTool, Tool>();
  readonly #actions = new WeakMap<McpToolFacts, McpAction>();

  constructor(hub: McpHub) {
    this.#hub = hub;
  }

  find(name: string): Tool | undefined {
    // Server names hold no dot, tool names may.
    const dot = name.indexOf('.', prefix.length);
    return dot <= prefix.length || dot === name.length - 1 ? undefined : this.#tool(name, name.slice(prefix.length, dot), name.slice(dot + 1));
  }

  known(): readonly Tool[] {
    return this.#hub.servers().flatMap(({ name: server }) => this.#offered(server, this.#hub.knownTools(server) ?? []));
  }

  async list(scope: RunScope): Promise<ToolListing> {
    const unasked: string[] = [];
    const lists = await Promise.all(this.#hub.servers().map(async ({ name: server }) => {
      const known = this.#hub.knownTools(server) ?? (scope.gate.mayLook(this.#pinned(server, 'tools/list', undefined, scope)) ? await this.#hub.tools(server, scope).catch((error: unknown) => scope.log('warn', describeError(error))) : undefined);
      if (known) return this.#offered(server, known);
      unasked.push(server);
      return [];
    }));
    return { tools: lists.flat(), unasked };
  }

  /** What is there for views only is none of a model's business. */
  #offered(server: string, known: readonly McpTool[]): readonly Tool[] {
    return known.filter(({ appOnly }) => appOnly !== true).map((tool) => this.#tool(`${prefix}${server}.${tool.name}`, server, tool.name, tool));
  }

  #tool(name: string, server: string, tool: string, known = toolNamed(this.#hub.knownTools(server), tool)): Tool {
    const before = known === undefined ? undefined : this.#made.get(known);
    if (before?.name === name) return before;
    const made = this.#make(name, server, tool, known);
    if (known !== undefined) this.#made.set(known, made);
    return made;
  }

  #make(name: string, server: string, tool: string, known: McpTool | undefined): Tool {
    return {
      name,
      title: known?.title ?? tool,
      description: known?.description ?? `The tool ${tool} of the MCP server ${server}, which has not been asked yet what it offers.`,
      kind: 'mcp',
      inputSchema: known?.inputSchema ?? { type: 'object' },
      ...(known?.outputSchema === undefined ? {} : { outputSchema: known.outputSchema }),
      effects: effectsOf(known?.annotations),
      secretFields: 'all',
      parse: (input) => argumentsOf(name, input),
      actions: (_input, { scope }) => this.#decidable(server, tool, scope),
      run: (input, context) => hidingSecrets(() => this.#hub.secrets(server), () => this.#call(name, server, tool, argumentsOf(name, input), context)),
    };
  }

  /** The call, bound to how the server is started and to what it says of the tool, as far as that is known. */
  #decidable(server: string, tool: string, scope: RunScope): readonly McpAction[] | Promise<readonly McpAction[]> {
    const bare = this.#pinned(server, tool, toolNamed(this.#hub.knownTools(server), tool), scope);
    return scope.gate.allows(bare) ? [bare] : this.#looked(bare, scope);
  }

  async #looked(bare: McpAction, scope: RunScope): Promise<readonly McpAction[]> {
    const { server, tool } = bare;
    // Nobody is asked about what would be refused anyway.
    this.#hub.vouch(server);
    if (!scope.gate.mustLook(bare)) return [bare];
    // What a grant is pinned to can only be compared with what the server says now.
    const running = await this.#hub.acquire(server, scope);
    const found = toolNamed(running.tools, tool);
    const refused = found === undefined ? withheld(server, tool, running) : undefined;
    if (refused !== undefined) throw refused;
    return [this.#pinned(server, tool, found, scope)];
  }

  #pinned(server: string, tool: string, definition: McpToolFacts | undefined, scope: RunScope): McpAction {
    const identity = this.#hub.identity(server, scope);
    const before = definition === undefined ? undefined : this.#actions.get(definition);
    if (before?.server === server && before.tool === tool && before.pins?.server === identity) return before;
    const pins = { ...(identity === undefined ? {} : { server: identity }), ...(definition === undefined ? {} : { tool: toolIdentity(definition) }) };
    const action: McpAction = { kind: 'mcp', server, tool, pins };
    if (definition !== undefined) this.#actions.set(definition, action);
    return action;
  }

  async #call(name: string, server: string, tool: string, args: JsonObject, { scope, step, signal }: ToolContext): Promise<Json> {
    const running = this.#hub.inUse(server, scope) ?? await this.#hub.acquire(server, scope, step);
    const definition = toolNamed(running.tools, tool);
    if (definition === undefined) throw withheld(server, tool, running) ?? unknownTool(server, tool, running.tools.map((candidate) => candidate.name));
    const { gate } = scope;
    const action = this.#pinned(server, tool, definition, scope);
    // A server may say something else of a tool than when the call was decided on: then it is decided on again.
    if (!gate.allowsInStep(action, step)) await gate.check(action, step, { tool: name });
    const compiling = checkArguments(name, definition, args);
    if (compiling !== undefined) await compiling;
    if (gate.isMetered) gate.spend(action, { bytes: bytesOf(args) });
    using task = definition.taskSupport === 'required' || running.givesTasks ? this.#hub.tasks?.hold({ run: scope.id, server, identity: running.identity, tool }) : undefined;
    const result = resultOf(name, await running.callTool(tool, args, { signal, step, onProgress: reporter(scope, `${server}.${tool}`), ...(task === undefined ? {} : { task }) }), scope.journal);
    if (gate.isMetered) gate.spend(action, { bytes: bytesOf(result) });
    return result;
  }
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Shortest time between two reports of one call: each is an event on disk, and a server may send thousands a second. */
const reportMs = 100;

export function reporter(scope: RunScope, name: string): (message: string | undefined, fraction: number | undefined) => void {
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

function withheld(server: string, tool: string, { quarantined }: Pick<RunServer, 'quarantined'>): AssassinError | undefined {
  const found = quarantined.find(({ definition }) => definition.kind === 'tool' && definition.name === tool);
  return found === undefined ? undefined : new AssassinError('denied', `The tool ${server}.${tool} is not offered: ${found.reason}`, { hint: `Look at it, and approve it if it is what you want: "Review what an MCP server has changed" in the editor, "mcp review ${server}" on the command line.`, data: { server, tool } });
}

export function unknownTool(server: string, tool: string, names: readonly string[]): AssassinError {
  const near = nearNames(tool, names);
  const shown = names.length > 30 ? `${names.slice(0, 30).join(', ')} and ${names.length - 30} more` : names.join(', ');
  return new AssassinError('tool-not-found', `The MCP server "${server}" has no tool "${tool}".`, {
    hint: didYouMean(near) ?? (names.length === 0 ? 'It offers no tools at all.' : `It offers: ${shown}.`),
    data: { server, tool, near: [...near] },
  });
}

/** A server's own word on what its tools do is a hint for people; whatever it leaves open is taken for the worst. */
function effectsOf(annotations: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean; readonly openWorldHint?: boolean } = {}): Effects {
  const readOnly = annotations.readOnlyHint ?? false;
  return { readOnly, destructive: !readOnly && (annotations.destructiveHint ?? true), openWorld: annotations.openWorldHint ?? true, untrustedOutput: true };
}
