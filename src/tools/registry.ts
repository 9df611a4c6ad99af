import type { Action } from '../policy/action.ts';
import type { CheckOptions } from '../policy/ask-person.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { didYouMean, nearNames } from '../shared/near-names.ts';
import { checkOutput } from './check-output.ts';
import { withSecrets } from '../policy/secret-references.ts';
import { hidingSecrets, isLongEnough, secretActions, secretValues, type SecretStore } from './secret-inputs.ts';
import { ToolIndex } from './search/tool-index.ts';
import type { Tool, ToolContext } from './tool.ts';

/** Largest result that is handed on, in bytes of JSON. Beyond it the caller would drown: the tool should return a handle instead. */
export const maxResultBytes = 4 * 1024 * 1024;

/** Of more tools, only a name whose beginning was left out is found again: to compare 18,780 takes 0.15 s. */
const comparedNames = 2000;

/** Tools that are looked up by name when they are called, such as those of MCP servers that have not started yet. */
export interface ToolSource {
  readonly prefix: string;
  find(name: string): Tool | undefined;
  /** What is known already, without starting anything. */
  known(): readonly Tool[];
  /** Everything that is known, or may be found out in this run. */
  list(scope: RunScope): Promise<ToolListing>;
}

export interface ToolListing {
  readonly tools: readonly Tool[];
  /** Servers that were not asked what they offer, because the run may not, or could not be. */
  readonly unasked: readonly string[];
}

export interface CallOptions {
  /** The call of a model that it answers. */
  readonly call?: string;
  /** Ends this call alone; the run goes on. */
  readonly signal?: AbortSignal;
  /** The caller can do with results over `maxResultBytes`. */
  readonly big?: boolean;
}

/** The one way to call a tool: input checked, step recorded, gate passed, result checked and capped. */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();
  readonly #sources: ToolSource[] = [];
  readonly #secrets: SecretStore | undefined;
  /** What each run has been given of secrets: a page that was filled in, or a server, may say it again in any later call. */
  readonly #given = new WeakMap<RunScope, Map<string, string>>();
  #index: ToolIndex<Tool> | undefined;

  constructor({ secrets }: { readonly secrets?: SecretStore } = {}) {
    this.#secrets = secrets;
  }

  register(...tools: readonly Tool[]): void {
    for (const tool of tools) {
      if (this.#tools.has(tool.name)) throw new AssassinError('internal', `The tool ${tool.name} is registered twice.`);
      this.#tools.set(tool.name, tool);
    }
  }

  registerSource(source: ToolSource): void {
    this.#sources.push(source);
  }

  list(): readonly Tool[] {
    return [...this.#tools.values()];
  }

  /** Built-in tools and those of all sources, as far as they are known without starting anything. */
  known(): readonly Tool[] {
    return [...this.#tools.values(), ...this.#sources.flatMap((source) => source.known())];
  }

  /** Built-in tools and those of all sources. */
  async catalog(scope: RunScope): Promise<ToolListing> {
    const listings = await Promise.all(this.#sources.map((source) => source.list(scope)));
    return { tools: [...this.#tools.values(), ...listings.flatMap(({ tools }) => tools)], unasked: listings.flatMap(({ unasked }) => unasked) };
  }

  /** The catalog to be searched. Kept until a tool comes, goes or says something else: runs have mostly the same ones. */
  async searchable(scope: RunScope): Promise<{ readonly index: ToolIndex<Tool>; readonly unasked: readonly string[] }> {
    const { tools, unasked } = await this.catalog(scope);
    if (!this.#index?.holds(tools)) this.#index = await ToolIndex.build(tools);
    return { index: this.#index, unasked };
  }

  async call(name: string, input: Json, scope: RunScope, parent?: string, { call, signal, big = false }: CallOptions = {}): Promise<Json> {
    const tool = this.named(name);
    return await scope.step({ kind: tool.kind, name, input, gated: true, ...(parent === undefined ? {} : { parent }), ...(call === undefined ? {} : { call }) }, async (step) => {
      const parsing = tool.parse(input);
      const parsed = parsing instanceof Promise ? await parsing : parsing;
      const secrets = secretActions(tool, input);
      const context: ToolContext = { scope, step, signal: signal === undefined ? scope.signal : AbortSignal.any([scope.signal, signal]), ...(secrets.length === 0 ? {} : { secret: true }) };
      const resolving = tool.actions(parsed, context);
      const resolved = resolving instanceof Promise ? await resolving : resolving;
      const actions = secrets.length === 0 ? resolved : [...resolved, ...secrets];
      for (const action of actions) await scope.gate.check(action, step, { tool: name, ...previewOf(tool, action, parsed, context) });
      // Where the gate was asked for nothing, or for reading, nothing else has put its start on the disk.
      if (!tool.effects.readOnly && actions.every(({ kind }) => kind === 'fs.read')) scope.journal.flush();
      context.signal.throwIfAborted();
      const output = await this.#run({ tool, input, parsed, secrets, context, actions });
      checkOutput(tool, output);
      if (big) return output;
      const bytes = Buffer.byteLength(JSON.stringify(output) ?? 'null');
      if (bytes > maxResultBytes) {
        throw new AssassinError('invalid-output', `${name} returned ${bytes} bytes, more than the ${maxResultBytes} that a result may have.`, { hint: 'Ask it for less, or for a part at a time.' });
      }
      return output;
    });
  }

  #run(call: PassedCall): Promise<Json> {
    const { tool, parsed, secrets, context, actions } = call;
    const known = this.#given.get(context.scope);
    if (secrets.length > 0) return this.#runWithSecrets(call);
    // Files are read as they are: an edit would put the reference into them, and what a failed one shows of a file is copied into the next.
    return known === undefined || tool.kind === 'workspace' || tool.name.startsWith('workspace.') ? runMarked(tool, parsed, actions, context) : hidingSecrets(() => known, () => runMarked(tool, parsed, actions, context));
  }

  async #runWithSecrets({ tool, input, secrets, context, actions }: PassedCall): Promise<Json> {
    const { scope } = context;
    let given = this.#given.get(scope);
    if (given === undefined) this.#given.set(scope, (given = new Map()));
    const values = await secretValues(this.#secrets, secrets.map(({ name }) => name));
    for (const [name, value] of values) if (isLongEnough(value)) given.set(name, value);
    context.signal.throwIfAborted();
    // Parsed again: a value with a line break must not become a header of its own.
    const all = new Map([...given, ...values]);
    return hidingSecrets(() => all, async () => runMarked(tool, await tool.parse(withSecrets(input, values)), actions, context));
  }

  /** Throws `tool-not-found`. */
  async find(name: string): Promise<Tool> {
    return this.named(name);
  }

  /** As `find`, at once. Every call comes by here: a registry that holds back some tools overrides it. Throws `tool-not-found`. */
  named(name: string): Tool {
    const tool = this.#tools.get(name);
    if (tool) return tool;
    for (const source of this.#sources) {
      const found = name.startsWith(source.prefix) ? source.find(name) : undefined;
      if (found) return found;
    }
    throw new AssassinError('tool-not-found', `There is no tool ${name}.`, { hint: didYouMean(this.#near(name)) ?? 'See .assassin/types for what can be called.' });
  }

  #near(name: string): readonly string[] {
    const names = this.known().map((tool) => tool.name);
    return names.length <= comparedNames ? nearNames(name, names) : names.filter((each) => each.endsWith(`.${name}`)).slice(0, 3);
  }
}

function previewOf(tool: Tool, action: Action, input: Json, context: ToolContext): Pick<CheckOptions, 'preview'> {
  const { preview } = tool;
  return preview === undefined || action.kind !== 'fs.write' ? {} : { preview: () => preview(input, context) };
}

interface PassedCall {
  readonly tool: Tool;
  readonly input: Json;
  readonly parsed: Json;
  readonly secrets: readonly Extract<Action, { kind: 'secret' }>[];
  readonly context: ToolContext;
  readonly actions: readonly Action[];
}

/** Whoever reads what strangers wrote is marked with it, also where it comes as an error; and what was allowed once is over when the call is. */
async function runMarked(tool: Tool, input: Json, actions: readonly Action[], context: ToolContext): Promise<Json> {
  const { scope: { gate }, step } = context;
  try {
    return await tool.run(input, context);
  } finally {
    if (tool.effects.untrustedOutput === true) for (const action of actions) gate.hasRead(action, step);
    gate.ended(step);
  }
}
