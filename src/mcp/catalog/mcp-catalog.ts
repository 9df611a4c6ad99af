import { join } from 'node:path';
import { netAction } from '../../policy/action.ts';
import { egressFetch, type EgressFetch } from '../../policy/egress-fetch.ts';
import type { Resolver } from '../../policy/egress.ts';
import { fillHeaders } from '../../policy/fill-headers.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { formatBytes } from '../../shared/bytes.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { BudgetLimits } from '../../shared/events.ts';
import type { Json } from '../../shared/json.ts';
import { addBundle, type BundleSource } from '../bundle/add-bundle.ts';
import { maxArchiveBytes } from '../bundle/unpack-bundle.ts';
import { nearNames } from '../../shared/near-names.ts';
import type { CatalogHit } from './catalog-search.ts';
import { CatalogStore, type KnownVersion, type SyncState } from './catalog-store.ts';
import { notesOn, planInstall, type InstallPlan, type InstallWay } from './install-plan.ts';
import { registriesOf, type McpRegistry, type RegistrySettings } from './registries.ts';
import type { CatalogEntry } from './server-json.ts';
import { syncRegistry, versionsOf, type SyncResult } from './sync-registry.ts';

export interface McpCatalogOptions {
  readonly dataDirectory: string;
  readonly registries: RegistrySettings | undefined;
  /** Gives the value of `${secret:NAME}` in the headers of a registry. */
  readonly secret: (name: string) => Promise<string | undefined>;
  readonly redact: (values: readonly string[]) => void;
  /** Starts a run of its own with these grants and nobody who could be asked for more. */
  readonly start: (of: { readonly title: string; readonly source: string; readonly input: Json; readonly grants: readonly string[]; readonly budget: BudgetLimits; readonly signal?: AbortSignal }, work: (scope: RunScope) => Promise<Json>) => RunHandle;
  readonly resolver?: Resolver;
}

export interface FoundEntry {
  readonly registry: string;
  readonly entry: CatalogEntry;
}

export interface SyncRequest {
  /** All that are configured where absent. */
  readonly registry?: string;
  /** Asks for everything again. */
  readonly whole?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (message: string) => void;
}

export interface AddRequest {
  readonly given?: Readonly<Record<string, readonly string[]>>;
  readonly signal?: AbortSignal;
  /** Shows the whole plan; `false` where the person does not want it. */
  readonly confirm: (plan: InstallPlan) => Promise<boolean>;
}

const connectMs = 30_000;
const syncBudget: BudgetLimits = { wallMs: 30 * 60_000, egressBytes: 1024 ** 3 };
const bundleBudget: BudgetLimits = { wallMs: 30 * 60_000, egressBytes: maxArchiveBytes };
/** One page of a list of servers, bytes. */
const maxPageBytes = 32 * 1024 ** 2;

/** Published MCP servers: taken over from registries when a person asks for it, looked through without a network, added after a look at the whole command. */
export class McpCatalog {
  readonly #options: McpCatalogOptions;
  readonly registries: readonly McpRegistry[];

  constructor(options: McpCatalogOptions) {
    this.#options = options;
    this.registries = registriesOf(options.registries);
  }

  /** What is here of each configured registry; one that was never synced is missing. */
  syncs(): readonly SyncState[] {
    return this.#with((store) => store.syncs());
  }

  /** Looks through what the last sync brought. Throws `invalid-input` for a registry that is not configured. */
  search(text: string, { limit = 30, registry }: { readonly limit?: number; readonly registry?: string } = {}): readonly CatalogHit[] {
    if (registry !== undefined) this.#registry(registry);
    return this.#with((store) => store.search(text, limit, registry));
  }

  /** An entry by its whole name, or by the part behind the slash where only one has it. Throws `invalid-input` with the nearest names. */
  find(name: string, version?: string): FoundEntry {
    return this.#with((store) => {
      const order = this.registries.map((registry) => registry.name);
      const found = store.find(name, order, version);
      if (found !== undefined) return found;
      const hits = store.search(name.replace(/^.*\//, ''), 20);
      const named = hits.filter((hit) => hit.name.slice(hit.name.indexOf('/') + 1).toLowerCase() === name.toLowerCase());
      const [only] = named;
      const exact = only === undefined || new Set(named.map((hit) => hit.name)).size > 1 ? undefined : store.find(only.name, order, version);
      if (exact !== undefined) return exact;
      const names = [...new Set(hits.map((hit) => hit.name))];
      const near = named.length > 1 ? [...new Set(named.map((hit) => hit.name))] : [...nearNames(name, names), ...names].slice(0, 3);
      const known = version === undefined ? undefined : store.find(name, order);
      if (known !== undefined) throw new AssassinError('invalid-input', `Version ${version} of ${known.entry.server.name} is not in the catalogue.`, { hint: 'See which there are with "mcp catalog show NAME --versions".' });
      throw new AssassinError('invalid-input', `There is no MCP server "${name}" in the catalogue.`, { hint: store.syncs().length === 0 ? 'It is empty: fetch it with "mcp catalog sync".' : near.length === 0 ? 'Look for it with "mcp catalog search".' : `Is it ${[...new Set(near)].join(' or ')}?` });
    });
  }

  /** The versions that are here, the newest first. */
  versions({ registry, entry }: FoundEntry): readonly KnownVersion[] {
    return this.#with((store) => store.versions(registry, entry.server.name));
  }

  /** Asks the registry for all versions of a server, and keeps them for later. Throws what the run ended with. */
  async fetchVersions({ registry, entry: { server: { name } } }: FoundEntry, signal?: AbortSignal): Promise<readonly KnownVersion[]> {
    const from = this.#registry(registry);
    await this.#ended(this.#options.start({ title: `Versions of ${name}`, source: 'mcp catalog show', input: { registry, name }, grants: [`net ${new URL(from.url).origin}`], budget: syncBudget, ...(signal === undefined ? {} : { signal }) }, async (scope) => {
      using egress = await this.#egress(scope, from);
      const entries = await versionsOf({ ...from, headers: await this.#headers(from) }, name, { fetch: egress.fetch, signal: scope.signal });
      this.#with((store) => store.put(registry, entries, Date.now()));
      return { versions: entries.length };
    }));
    return this.#with((store) => store.versions(registry, name));
  }

  /** Takes over what registries have changed, each in a run of its own that is granted that one host. Throws what the first run that failed ended with. */
  async sync({ registry, whole = false, signal, progress = () => undefined }: SyncRequest = {}): Promise<readonly SyncResult[]> {
    this.#with((store) => store.keepOnly(new Map(this.registries.map(({ name, url }) => [name, url]))));
    const results: SyncResult[] = [];
    for (const from of registry === undefined ? this.registries : [this.#registry(registry)]) {
      await this.#ended(this.#options.start({
        title: `Sync the MCP catalogue from ${from.name}`, source: 'mcp catalog sync', input: { registry: from.name, url: from.url, whole }, grants: [`net ${new URL(from.url).origin}`], budget: syncBudget, ...(signal === undefined ? {} : { signal }),
      }, async (scope) => {
        using egress = await this.#egress(scope, from);
        using store = this.#open();
        const said = { at: 0 };
        const result = await syncRegistry({
          registry: { ...from, headers: await this.#headers(from) }, store, fetch: egress.fetch, signal: scope.signal, whole,
          progress: (entries) => {
            progress(`${from.name}: ${entries} servers`);
            // Each is a line on record.
            if (entries >= said.at + 1000) scope.progress(`${(said.at = entries)} servers`);
          },
        });
        results.push(result);
        return { ...result };
      }));
    }
    return results;
  }

  /** Plans a server, shows the whole of what it would start, and gives the plan when the person agrees. A bundle is fetched and checked before. Starts nothing. Throws `cancelled` where they decline. */
  async add(found: FoundEntry, way: InstallWay, request: AddRequest): Promise<InstallPlan> {
    if (found.entry.status === 'deleted') throw new AssassinError('not-supported', `${found.entry.server.name} was taken out of its registry.`, { hint: 'Do not use it: such entries are often spam or harmful.' });
    if ('package' in way.of && way.of.package.registryType === 'mcpb') {
      const { identifier, fileSha256 } = way.of.package;
      if (fileSha256 === undefined) throw new AssassinError('invalid-output', 'Its registry does not say what the bundle has to hash to.', { hint: 'Get the file from its author and add it with "mcp bundle".' });
      if (!/^https?:$/.test(URL.parse(identifier)?.protocol ?? '')) throw new AssassinError('invalid-output', `"${identifier.slice(0, 200)}" is no address of a bundle.`, { hint: 'Do not use this server.' });
      const notes = notesOn(found.entry);
      return this.#bundle({ url: new URL(identifier), sha256: fileSha256 }, { ...request, confirm: (plan) => request.confirm({ ...plan, notes: [...notes, ...plan.notes] }) });
    }
    const plan = planInstall(found.entry, way);
    if (await request.confirm(plan)) return plan;
    throw new AssassinError('cancelled', 'The server was declined. Nothing was written.');
  }

  /** As `add`, for a file of the person's. */
  addBundle(file: string, request: AddRequest): Promise<InstallPlan> {
    return this.#bundle({ file }, request);
  }

  async #bundle(source: BundleSource, { given = {}, confirm, signal }: AddRequest): Promise<InstallPlan> {
    const named = 'file' in source ? source.file : source.url.href;
    const plans: InstallPlan[] = [];
    await this.#ended(this.#options.start({ title: `Add the MCP bundle ${named}`, source: 'mcp bundle', input: { source: named }, grants: 'url' in source ? bundleGrants(source.url) : [], budget: bundleBudget, ...(signal === undefined ? {} : { signal }) }, async (scope) => {
      using egress = this.#fetching(scope, { bytes: maxArchiveBytes, what: 'bundle' });
      const plan = await addBundle(scope, { source, fetch: egress.fetch, root: join(this.#options.dataDirectory, 'mcp-bundles'), given, confirm });
      plans.push(plan);
      return { name: plan.name, command: plan.command };
    }));
    return plans[0]!;
  }

  async #ended(handle: RunHandle): Promise<void> {
    const { error } = await handle.outcome;
    if (error !== undefined) throw fromErrorInfo(error);
  }

  #registry(name: string): McpRegistry {
    const found = this.registries.find((registry) => registry.name === name);
    if (found !== undefined) return found;
    throw new AssassinError('invalid-input', `There is no registry "${name}".`, { hint: `Configured are: ${this.registries.map((registry) => registry.name).join(', ') || 'none'}. The setting infrastructureAssassin.mcp.registries names others.` });
  }

  async #egress(scope: RunScope, { url }: McpRegistry): Promise<EgressFetch> {
    await scope.gate.check(netAction(new URL(url)));
    return this.#fetching(scope, { bytes: maxPageBytes, what: 'page of a registry' });
  }

  #fetching(scope: RunScope, { bytes, what }: { readonly bytes: number; readonly what: string }): EgressFetch {
    const { resolver } = this.#options;
    return egressFetch({
      allows: (url) => scope.gate.allows(netAction(url)), reach: 'configured', connectMs, ...(resolver === undefined ? {} : { resolver }),
      maxBytes: { bytes, error: (host) => new AssassinError('invalid-output', `A ${what} from ${host} is larger than ${formatBytes(bytes)}.`, { hint: 'Nothing of it was kept.' }) },
      onTraffic: (received, sent) => scope.budget.spend('egressBytes', received + sent),
    });
  }

  #headers({ headers, name: registry }: McpRegistry): Promise<Readonly<Record<string, string>>> {
    const { secret, redact } = this.#options;
    return fillHeaders(headers, {
      secret, known: (value) => redact([value]),
      missing: (name) => new AssassinError('invalid-config', `There is no secret "${name}" for the registry ${registry}.`, { hint: 'Store it with "Store secret...", or set it in the environment of the command line.' }),
    });
  }

  #open(): CatalogStore {
    return new CatalogStore(join(this.#options.dataDirectory, 'mcp-catalog.db'));
  }

  /** Opened for each look: a catalogue that is held open would be one more thing that a window has to close. */
  #with<T>(work: (store: CatalogStore) => T): T {
    using store = this.#open();
    return work(store);
  }
}

/** GitHub hands over what it publishes from hosts of its own. */
function bundleGrants(url: URL): readonly string[] {
  return [`net ${url.origin}`, ...(url.hostname === 'github.com' ? ['net https://*.githubusercontent.com'] : [])];
}
