import type { Command } from 'commander';
import type { FoundEntry } from '../../mcp/catalog/mcp-catalog.ts';
import type { CatalogHit } from '../../mcp/catalog/catalog-search.ts';
import type { SyncState } from '../../mcp/catalog/catalog-store.ts';
import { planInstall, waysOf, wayOf, type InstallWay } from '../../mcp/catalog/install-plan.ts';
import { publisherOf } from '../../mcp/catalog/server-json.ts';
import { visible } from '../../mcp/trust/hidden-characters.ts';
import { AssassinError, toErrorInfo } from '../../shared/errors.ts';
import { collect } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { onInterrupt } from '../interrupts.ts';
import { agree, planLines, requireAnswer, writePlan, type PlanOptions } from '../mcp-plans.ts';
import { openRuntime, workspaceOf } from '../open-runtime.ts';
import { clip, oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';
import { setValues } from './mcp-bundle.ts';

interface CatalogOptions extends CommonOptions, PlanOptions {
  readonly registry?: string;
  readonly full?: boolean;
  readonly limit?: string;
  readonly version?: string;
  readonly versions?: boolean;
  readonly way?: string;
  readonly set: readonly string[];
}

export function addCatalogCommands(mcp: Command, context: CliContext): void {
  const catalog = mcp.command('catalog').description('published MCP servers: fetch the lists of registries, look through them, add a server');
  catalog.command('sync').description('take over what registries have published or changed; the only one of these commands that needs a network, but for --versions and bundles')
    .option('--registry <name>', 'only this one')
    .option('--full', 'fetch everything again')
    .action((options: CatalogOptions) => sync(context, options));
  catalog.command('search [words...]').description('look through the catalogue as it was fetched last')
    .option('--registry <name>', 'only in this one')
    .option('--limit <count>', 'so many at most', '20')
    .action((words: readonly string[], options: CatalogOptions) => search(context, words.join(' '), options));
  catalog.command('show <name>').description('what its registry says of a server, and the whole command of each way to have it')
    .option('--server-version <version>', 'this version instead of the latest')
    .option('--versions', 'ask its registry for all versions')
    .action((name: string, options: CatalogOptions & { readonly serverVersion?: string }) => show(context, name, withVersion(options)));
  catalog.command('add <name>').description('add a server to .vscode/mcp.json, after a look at its whole command')
    .option('--server-version <version>', 'this version instead of the latest')
    .option('--way <way>', 'one of the ways that "show" lists, for example npm, oci or http; the first where absent')
    .option('--as <name>', 'under another name')
    .option('--set <key=value>', 'a value that a bundle takes (repeatable)', collect, [])
    .option('--yes', 'do not ask: I have read the command')
    .action((name: string, options: CatalogOptions & { readonly serverVersion?: string }) => add(context, name, withVersion(options)));
}

/** Commander has a flag --version of its own. */
const withVersion = ({ serverVersion, ...options }: CatalogOptions & { readonly serverVersion?: string }): CatalogOptions => ({ ...options, ...(serverVersion === undefined ? {} : { version: serverVersion }) });

async function sync(context: CliContext, { registry, full = false, ...options }: CatalogOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const stop = new AbortController();
  using _interrupt = onInterrupt({ signals: process, cancel: (reason) => stop.abort(new AssassinError('cancelled', reason)), note: (text) => terminal.note(text), exitNow: (code) => process.exit(code), first: 'Stopping. Interrupt again to end at once.' });
  const results = await opened.runtime.mcpCatalog.sync({ whole: full, signal: stop.signal, ...(registry === undefined ? {} : { registry }), ...(options.json === true ? {} : { progress: (message) => terminal.note(`  ${message}`) }) });
  if (options.json === true) {
    terminal.json({ registries: results });
    return;
  }
  for (const { registry: name, entries, servers, skipped, firstSkipped = '' } of results) {
    terminal.result(`${name}: ${entries} changes, ${servers} servers in all.`);
    if (skipped > 0) terminal.note(`${skipped} entries were left out, because they are not as they should be; the first: ${oneLine(firstSkipped)}`);
  }
}

async function search(context: CliContext, words: string, { registry, limit = '20', ...options }: CatalogOptions): Promise<void> {
  const { terminal } = context;
  if (!/^[1-9]\d{0,3}$/.test(limit)) throw new AssassinError('invalid-input', `"${limit}" is no number of servers.`, { hint: 'Write a number from 1 to 9999.' });
  await using opened = await openRuntime(context, options);
  const { mcpCatalog } = opened.runtime;
  const syncs = mcpCatalog.syncs();
  const hits = mcpCatalog.search(words, { limit: Number(limit), ...(registry === undefined ? {} : { registry }) });
  if (options.json === true) {
    terminal.json({ servers: hits, registries: syncs });
    return;
  }
  if (syncs.length === 0) terminal.note('The catalogue is empty. Fetch it with "mcp catalog sync".');
  else if (hits.length === 0) terminal.note(`No server matches. The catalogue is ${ageOf(syncs)}; "mcp catalog sync" fetches what is new.`);
  else {
    terminal.result(...renderTable([{ title: 'server', whole: true }, { title: 'version' }, { title: 'publisher' }, { title: 'what it is', min: 20 }], hits.map(row), terminal.width));
    terminal.note(`The catalogue is ${ageOf(syncs)}.`);
  }
}

const row = ({ name, version, status, publisher, description }: CatalogHit): readonly string[] => [oneLine(visible(name)), oneLine(visible(version)), oneLine(visible(publisher)), clip(oneLine(visible(`${status === 'active' ? '' : `(${status}) `}${description}`)), 200)];

function ageOf(syncs: readonly SyncState[]): string {
  const days = Math.floor((Date.now() - Math.min(...syncs.map(({ at }) => at))) / 86_400_000);
  return days === 0 ? 'of today' : days === 1 ? 'one day old' : `${days} days old`;
}

async function show(context: CliContext, name: string, { version, versions: fresh = false, ...options }: CatalogOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcpCatalog } = opened.runtime;
  if (fresh) await mcpCatalog.fetchVersions(mcpCatalog.find(name));
  const found = mcpCatalog.find(name, version);
  const versions = mcpCatalog.versions(found);
  const ways = waysOf(found.entry).map((way) => ({ id: way.id, label: way.label, ...planned(found, way) }));
  if (options.json === true) {
    terminal.json({ ...found.entry, registry: found.registry, publisher: publisherOf(found.entry.server.name), versions, ways });
    return;
  }
  const { server, status, publishedAt, statusMessage } = found.entry;
  const say = (label: string, value: string | undefined) => (value === undefined ? [] : [`${label.padEnd(12)}${oneLine(visible(value))}`]);
  terminal.result(
    ...say('server', `${server.name} ${server.version}`), ...say('title', server.title), ...say('what it is', server.description), ...say('publisher', publisherOf(server.name)),
    ...say('registry', found.registry), ...say('status', statusMessage === undefined ? status : `${status}: ${statusMessage}`), ...say('published', publishedAt?.slice(0, 10)), ...say('repository', server.repository?.url), ...say('website', server.websiteUrl),
    ...say('versions', versions.map((each) => `${each.version}${each.status === 'active' ? '' : ` (${each.status})`}`).join(', ')), '',
  );
  if (ways.length === 0) terminal.result('It is published in no way that can be added here.');
  for (const { id, label, plan, problem } of ways) {
    terminal.result(`way "${id}" (${oneLine(visible(label))})`, ...(plan === undefined ? [`  ${oneLine(visible(problem))}`] : planLines(plan).slice(1)));
  }
}

/** A bundle says what it starts only when it is here. */
function planned({ entry }: FoundEntry, way: InstallWay): { readonly plan?: ReturnType<typeof planInstall>; readonly problem: string } {
  if ('package' in way.of && way.of.package.registryType === 'mcpb') return { problem: 'A bundle: it is fetched and checked when you add it, and shows its command then.' };
  try {
    return { plan: planInstall(entry, way), problem: '' };
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    return { problem: `Cannot be added: ${message}${hint === undefined ? '' : ` ${hint}`}` };
  }
}

async function add(context: CliContext, name: string, { version, way, set, ...options }: CatalogOptions): Promise<void> {
  await using opened = await openRuntime(context, options);
  const { mcpCatalog } = opened.runtime;
  const found = mcpCatalog.find(name, version);
  const chosen = wayOf(found.entry, way);
  // Whoever is told to add --yes must not hear next that there is no such server; a bundle is fetched only where it may be added.
  requireAnswer(context, options);
  const plan = await mcpCatalog.add(found, chosen, { given: setValues(set), confirm: (shown) => agree(context, shown, options) });
  writePlan(context, workspaceOf(context, options), plan, options);
}
