import { isDeepStrictEqual } from 'node:util';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { Redactor } from '../policy/redact.ts';
import { discoverOllama } from './discover-ollama.ts';
import { infoOf, listModels } from './list-models.ts';
import type { ModelClient, ModelInfo } from './model-client.ts';
import { rateOf } from './model-rate.ts';
import { clientOpener } from './open-client.ts';
import { costOf, loadPriceTable, overriddenCost, type ModelPricing, type PriceOverride, type PriceTable } from './prices.ts';
import { isLocal, parseProvider, type Provider, type ProviderConfig } from './provider.ts';

/** Models that somebody else speaks to, for example the editor. Without `cost` they are unpriced. */
export interface ModelSource extends Partial<ModelPricing> {
  /** The beginning of its models' ids: `NAME/model`. */
  readonly name: string;
  list(): Promise<readonly ModelInfo[]>;
  client(id: string): Promise<ModelClient>;
}

export interface ModelRegistryOptions {
  /** Learns each key before it is used. */
  readonly redactor: Redactor;
  /** Looks for Ollama on loopback where none is configured; its address for tests. `false`: does not look. */
  readonly discover?: string | false;
  readonly prices?: Readonly<Record<string, PriceOverride>>;
  /** What to do where no model is connected; as the editor says it where absent. */
  readonly hint?: string;
  /** Milliseconds to connect to a provider, and to wait for its list of models. */
  readonly connectMs?: number;
  readonly listMs?: number;
}

/** A list is asked for once in this time; `list({ refresh: true })` asks at once. */
const listAgeMs = 60_000;

interface Listing {
  readonly at: number;
  readonly models: Promise<readonly ModelInfo[]>;
}

/** All models that can be asked, whoever speaks to them. */
export class ModelRegistry {
  readonly #options: ModelRegistryOptions;
  readonly #sources = new Map<string, ModelSource>();
  #providers: readonly Provider[] = [];
  #discovered: Provider | undefined;
  #listing: Listing | undefined;
  #table: Promise<PriceTable> | undefined;
  /** What was listed so far: a client is not held up by a list that is still waiting for a slow provider. */
  readonly #known = new Map<string, ModelInfo>();
  /** Kept from task to task with their connections. */
  readonly #clients = new Map<string, { readonly known: ModelInfo | undefined; readonly client: ModelClient }>();
  #problems: readonly { readonly provider: string; readonly error: ErrorInfo }[] = [];

  constructor(options: ModelRegistryOptions) {
    this.#options = options;
  }

  /** Providers that could not be asked when models were last listed. */
  get problems(): readonly { readonly provider: string; readonly error: ErrorInfo }[] {
    return this.#problems;
  }

  /** Replaces the configured providers. Throws `invalid-config`, and then keeps the ones before. */
  configure(providers: readonly ProviderConfig[]): void {
    const parsed = providers.map(parseProvider);
    const twice = parsed.find(({ name }, index) => parsed.findIndex((other) => other.name === name) !== index || this.#sources.has(name));
    if (twice) throw new AssassinError('invalid-config', `Two model providers are called "${twice.name}".`, { hint: 'Give each its own name.', data: { field: 'name' } });
    this.#providers = parsed;
    this.#listing = undefined;
    this.#known.clear();
    this.#clients.clear();
  }

  /** Disposing what it returns takes the source away again. */
  register(source: ModelSource): Disposable {
    if (this.#sources.has(source.name) || this.#providers.some(({ name }) => name === source.name)) throw new AssassinError('invalid-config', `Two model providers are called "${source.name}".`, { hint: 'Give each its own name.', data: { field: 'name' } });
    this.#sources.set(source.name, source);
    this.#listing = undefined;
    return {
      [Symbol.dispose]: () => {
        if (this.#sources.get(source.name) === source) this.#sources.delete(source.name);
        this.#listing = undefined;
      },
    };
  }

  /** Every model that is there now, sources first. A provider that cannot be asked is in `problems` and hides no other. */
  list({ refresh = false } = {}): Promise<readonly ModelInfo[]> {
    const now = Date.now();
    if (refresh || !this.#listing || now - this.#listing.at > listAgeMs) this.#listing = { at: now, models: this.#list() };
    return this.#listing.models;
  }

  /** A client of `provider/model`, without any layer. Throws `no-model` where there is none at all, `invalid-config` for an unknown provider. */
  async client(id: string): Promise<ModelClient> {
    const [name, model] = split(id);
    const source = this.#sources.get(name);
    if (source) return source.client(id);
    const provider = await this.#provider(name);
    if (provider === undefined || model === '') throw await this.#notFound(id);
    const open = await clientOpener(provider.kind);
    const known = this.#known.get(id);
    let kept = this.#clients.get(id);
    // What is known of a model may change with the next list.
    if (kept === undefined || kept.known !== known) {
      const client = open({ info: known ?? infoOf(provider, model), provider, apiKey: () => this.#key(provider), connectMs: this.#options.connectMs ?? 10_000 });
      this.#clients.set(id, (kept = { known, client }));
    }
    return kept.client;
  }

  /** The first model of the list. Throws `no-model` where there is none. */
  async first(): Promise<ModelInfo> {
    const [model] = await this.list();
    if (model) return model;
    throw noModel(this.#problems, this.#options.hint);
  }

  /** What the person pays, by `provider/model`. */
  get ownPrices(): Readonly<Record<string, PriceOverride>> {
    return this.#options.prices ?? {};
  }

  /** The prices of all models, loaded; follows later changes of the configuration. */
  async pricing(): Promise<ModelPricing> {
    const table = await this.#priceTable();
    return {
      cost: (info, usage) => {
        const source = this.#sources.get(info.provider);
        const own = this.#options.prices?.[info.id];
        if (source) return own === undefined ? source.cost?.(info, usage) : overriddenCost(usage, own, new Date());
        const provider = this.#configured(info.provider);
        return provider && costOf(table, usage, info.model, provider, this.#options.prices);
      },
    };
  }

  #priceTable(): Promise<PriceTable> {
    return (this.#table ??= loadPriceTable());
  }

  async #list(): Promise<readonly ModelInfo[]> {
    const problems: { provider: string; error: ErrorInfo }[] = [];
    const tried = async (provider: string, work: () => Promise<readonly ModelInfo[]>) => {
      try {
        return await work();
      } catch (error) {
        problems.push({ provider, error: toErrorInfo(error) });
        return [];
      }
    };
    await this.#discover();
    const providers = [...this.#providers, ...(this.#discovered ? [this.#discovered] : [])];
    const lists = await Promise.all([
      ...[...this.#sources.values()].map((source) => tried(source.name, () => source.list())),
      ...providers.map((provider) => tried(provider.name, () => this.#listOf(provider))),
    ]);
    this.#problems = problems;
    const models = lists.flat();
    // The table is large: models that nobody prices must not load it.
    if (!models.some(({ id, provider }) => this.#options.prices?.[id] !== undefined || this.#configured(provider) !== undefined || this.#sources.get(provider)?.cost !== undefined)) return models;
    const pricing = await this.pricing();
    return models.map((info) => {
      const rate = rateOf(info, pricing);
      return rate === undefined ? info : { ...info, rate };
    });
  }

  async #listOf(provider: Provider): Promise<readonly ModelInfo[]> {
    const ms = this.#options.listMs ?? 10_000;
    const ending = new AbortController();
    const late = new AssassinError('model-unavailable', `${provider.name} did not list its models within ${ms} ms.`, { hint: 'Name its models in the settings.', data: { timeout: 'total' } });
    const timer = setTimeout(() => ending.abort(late), ms);
    try {
      const models = await this.#withKnown(provider, await listModels(provider, await this.#key(provider), ending.signal));
      // What is the same stays the same object: the client that was made for it keeps its connections.
      for (const info of models) if (!isDeepStrictEqual(this.#known.get(info.id), info)) this.#known.set(info.id, info);
      return models;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Most providers don't say how long a conversation may be; for public models it is known. */
  async #withKnown(provider: Provider, models: readonly ModelInfo[]): Promise<readonly ModelInfo[]> {
    if (isLocal(provider) || models.every(({ contextTokens }) => contextTokens !== undefined)) return models;
    const table = await this.#priceTable();
    return models.map((info) => {
      const contextTokens = info.contextTokens ?? table.contextTokens(info.model, provider.baseUrl);
      return contextTokens === undefined ? info : { ...info, contextTokens };
    });
  }

  async #provider(name: string): Promise<Provider | undefined> {
    const provider = this.#configured(name);
    if (provider || name !== 'ollama') return provider;
    await this.#discover();
    return this.#discovered;
  }

  #configured(name: string): Provider | undefined {
    return this.#providers.find((provider) => provider.name === name) ?? (this.#discovered?.name === name ? this.#discovered : undefined);
  }

  async #discover(): Promise<void> {
    const { discover } = this.#options;
    const configured = this.#providers.some(({ kind, name }) => kind === 'ollama' || name === 'ollama') || this.#sources.has('ollama');
    this.#discovered = discover === false || configured ? undefined : await discoverOllama(discover);
  }

  async #key(provider: Provider): Promise<string | undefined> {
    // Keys are pasted, often with the end of a line.
    const key = (await provider.apiKey?.())?.trim();
    if (!key) return undefined;
    this.#options.redactor.add([key]);
    return key;
  }

  async #notFound(id: string): Promise<AssassinError> {
    const models = await this.list();
    if (models.length === 0 && this.#providers.length === 0) return noModel(this.#problems, this.#options.hint);
    const names = [...new Set([...this.#sources.keys(), ...this.#providers.map(({ name }) => name), ...models.map(({ provider }) => provider)])];
    return new AssassinError('invalid-config', `No model provider is called "${split(id)[0]}".`, { hint: `Choose a model of ${names.join(', ')}.` });
  }
}

const inEditor = 'Sign in to GitHub Copilot in VS Code, or install Ollama and pull a model (it is found by itself), or set an API key of OpenAI, Anthropic, Google or OpenRouter.';

function noModel(problems: ModelRegistry['problems'], hint = inEditor): AssassinError {
  const failed = problems.map(({ provider, error }) => `${provider}: ${error.message}`).join(' ');
  return new AssassinError('no-model', `No model is connected.${failed === '' ? '' : ` ${failed}`} Chains work without one.`, {
    hint,
  });
}

/** Names of models may hold slashes themselves: `openrouter/openai/gpt-5`. */
function split(id: string): readonly [provider: string, model: string] {
  const at = id.indexOf('/');
  return at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)];
}
