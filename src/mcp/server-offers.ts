import type { Client, CompleteRequest, GetPromptResult, Prompt, ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/client';
import type { Skill, SkillFile } from '@modelcontextprotocol/client/ext/skills';
import { AssassinError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { noTimeout, type CallOptions } from './call-options.ts';
import type { Definition, Quarantined } from './admission.ts';
import { loadSkills } from './sdk.ts';

export interface OffersOptions {
  readonly client: () => Client;
  readonly server: string;
  /** Runs a request with its time limits, and words its failure. */
  readonly request: <T>(what: string, options: CallOptions, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  readonly admit: <T extends Definition>(definitions: readonly T[]) => Promise<{ readonly admitted: readonly T[]; readonly quarantined: readonly Quarantined[] }>;
}

export interface ResourceWatcher {
  readonly changed: () => void;
  readonly lost: (error: unknown) => void;
}

export interface CompletionOptions extends CallOptions {
  /** What has been filled in already. */
  readonly filled?: Readonly<Record<string, string>>;
}

/** What a server has beside its tools: resources, prompts and skills. Lists are the whole ones, and only of what is admitted. */
export class ServerOffers {
  readonly #options: OffersOptions;
  readonly #watched = new Map<string, Set<ResourceWatcher>>();

  constructor(options: OffersOptions) {
    this.#options = options;
  }

  resources(options: CallOptions = {}): Promise<readonly Resource[]> {
    return this.#request('resources/list', options, async (client, signal) => (await client.listResources(undefined, { signal, ...noTimeout })).resources);
  }

  async templates(options: CallOptions = {}): Promise<readonly ResourceTemplateType[]> {
    const templates = await this.#request('resources/templates/list', options, async (client, signal) => (await client.listResourceTemplates(undefined, { signal, ...noTimeout })).resourceTemplates);
    const { admitted } = await this.#options.admit(templates.map((template) => ({ kind: 'resource-template' as const, name: template.name, raw: template as JsonObject, template })));
    return admitted.map(({ template }) => template);
  }

  read(uri: string, options: CallOptions = {}): Promise<ReadResourceResult> {
    return this.#request(`resources/read of ${uri}`, options, (client, signal) => client.readResource({ uri }, { signal, ...noTimeout }));
  }

  async prompts(options: CallOptions = {}): Promise<readonly Prompt[]> {
    const prompts = await this.#request('prompts/list', options, async (client, signal) => (await client.listPrompts(undefined, { signal, ...noTimeout })).prompts);
    const { admitted } = await this.#options.admit(prompts.map((prompt) => ({ kind: 'prompt' as const, name: prompt.name, raw: prompt as JsonObject, prompt })));
    return admitted.map(({ prompt }) => prompt);
  }

  /** Throws `tool-not-found` for a prompt that is not offered. */
  async prompt(name: string, args: Readonly<Record<string, string>>, options: CallOptions = {}): Promise<GetPromptResult> {
    const offered = await this.prompts(options);
    const found = offered.find((prompt) => prompt.name === name);
    if (found === undefined) {
      throw new AssassinError('tool-not-found', `The MCP server "${this.#options.server}" has no prompt "${name}".`, {
        hint: offered.length === 0 ? 'It offers no prompts at all.' : `It offers: ${offered.slice(0, 30).map((prompt) => prompt.name).join(', ')}.`,
        data: { server: this.#options.server, prompt: name },
      });
    }
    const missing = (found.arguments ?? []).filter((argument) => argument.required === true && args[argument.name] === undefined).map((argument) => argument.name);
    if (missing.length > 0) throw new AssassinError('invalid-input', `The prompt "${name}" needs ${missing.map((each) => `"${each}"`).join(' and ')}.`, { hint: 'Give a value for each.', data: { server: this.#options.server, prompt: name, missing } });
    return this.#request(`the prompt ${name}`, options, (client, signal) => client.getPrompt({ name, arguments: { ...args } }, { signal, ...noTimeout }));
  }

  /** What a value could go on with; empty where the server does not say. */
  async complete(ref: CompleteRequest['params']['ref'], name: string, value: string, { filled, ...options }: CompletionOptions = {}): Promise<readonly string[]> {
    if (this.#options.client().getServerCapabilities()?.completions === undefined) return [];
    const { completion } = await this.#request('completion/complete', options, (client, signal) => client.complete({ ref, argument: { name, value }, ...(filled === undefined ? {} : { context: { arguments: { ...filled } } }) }, { signal, ...noTimeout }));
    return completion.values;
  }

  /** Whether it says that it has skills. */
  async publishesSkills(): Promise<boolean> {
    return (await loadSkills(this.#options.client())).supported;
  }

  /** Skills that it lists, without a look into their files; entries that are wrong are left out. Empty where it has none. */
  async skills(options: CallOptions = {}): Promise<readonly Skill[]> {
    const client = await loadSkills(this.#options.client());
    if (!client.supported) return [];
    return this.#request('skills/list', options, async (_client, signal) => (await client.list(undefined, { signal, ...noTimeout })).skills);
  }

  /** One file of a skill, its SKILL.md where none is named, once its size and digest were found right. Throws `mcp-protocol` where they are not. */
  async skillFile(uri: string, ref?: string, options: CallOptions = {}): Promise<SkillFile> {
    const client = await loadSkills(this.#options.client());
    const skill = (await this.skills(options)).find((each) => each.uri === uri);
    if (skill === undefined) throw new AssassinError('tool-not-found', `The MCP server "${this.#options.server}" has no skill ${uri}.`, { hint: 'List its skills.', data: { server: this.#options.server } });
    return this.#request(`the skill ${uri}`, options, (_client, signal) => client.read(skill, ref, { signal, ...noTimeout }));
  }

  /** Hears of changes of a resource, or that the server cannot tell of them any more, until it is disposed. Throws where the server cannot tell. */
  async watch(uri: string, watcher: ResourceWatcher, options: CallOptions = {}): Promise<AsyncDisposable> {
    const watchers = this.#watched.get(uri) ?? new Set();
    this.#watched.set(uri, watchers);
    watchers.add(watcher);
    try {
      const end = await this.#request(`a subscription to ${uri}`, options, (client, signal) => subscribe(client, uri, signal));
      return {
        [Symbol.asyncDispose]: async () => {
          // An old server knows one subscription for each address, however many wait for it.
          const last = this.#forget(uri, watcher);
          // A server that is gone has forgotten it by itself.
          await end(last).catch(() => undefined);
        },
      };
    } catch (error) {
      this.#forget(uri, watcher);
      throw error;
    }
  }

  updated(uri: string): void {
    for (const { changed } of this.#watched.get(uri) ?? []) changed();
  }

  /** The connection is gone: whoever waits would wait for nothing. */
  lost(error: unknown): void {
    for (const watchers of this.#watched.values()) for (const watcher of watchers) watcher.lost(error);
  }

  /** True where nobody else waits for it. */
  #forget(uri: string, watcher: ResourceWatcher): boolean {
    const watchers = this.#watched.get(uri);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watched.delete(uri);
    return !this.#watched.has(uri);
  }

  #request<T>(what: string, options: CallOptions, work: (client: Client, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#options.request(what, options, (signal) => work(this.#options.client(), signal));
  }
}

/** In the way of the era; gives how to end it, told whether nobody else waits for that address. */
async function subscribe(client: Client, uri: string, signal: AbortSignal): Promise<(last: boolean) => Promise<void>> {
  if (client.getProtocolEra() === 'modern') {
    const subscription = await client.listen({ resourceSubscriptions: [uri] }, noTimeout);
    signal.throwIfAborted();
    return () => subscription.close();
  }
  await client.subscribeResource({ uri }, { signal, ...noTimeout });
  return async (last) => {
    if (last) await client.unsubscribeResource({ uri });
  };
}
