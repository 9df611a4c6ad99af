import * as vscode from 'vscode';
import type { CatalogHit } from '../../mcp/catalog/catalog-search.ts';
import { waysOf, type InstallWay } from '../../mcp/catalog/install-plan.ts';
import type { FoundEntry, McpCatalog } from '../../mcp/catalog/mcp-catalog.ts';
import { publisherOf } from '../../mcp/catalog/server-json.ts';
import { visible } from '../../mcp/trust/hidden-characters.ts';
import { AssassinError } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import { confirmPlan, writePlan } from '../mcp-plans.ts';
import { showError } from '../notify.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { requireFolder } from '../require-folder.ts';
import type { Services } from '../services.ts';

interface HitItem extends vscode.QuickPickItem {
  readonly hit?: CatalogHit;
}

/** Looks through the catalogue while one types, and adds the server that is chosen after a look at its whole command. Starts nothing. */
export async function findMcpServer(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const folder = requireFolder(services.workspace());
  await services.holder.use(async ({ mcpCatalog }) => {
    if (mcpCatalog.syncs().length === 0 && !(await sync(mcpCatalog))) return;
    const chosen = await pick(services, mcpCatalog, typeof target === 'string' ? target : '');
    if (chosen === undefined) return;
    const found = mcpCatalog.find(chosen.name);
    const way = await pickWay(found);
    if (way === undefined) return;
    try {
      await writePlan(services, folder, await mcpCatalog.add(found, way, { confirm: confirmPlan }));
    } catch (error) {
      // Whoever says no needs not be told.
      if (!AssassinError.isInstance(error) || error.code !== 'cancelled') throw error;
    }
  });
}

/** Fetches the lists after a question that names where from. Gives whether there is a catalogue then. */
async function sync(catalog: McpCatalog, ask = true): Promise<boolean> {
  const fetch = vscode.l10n.t('Fetch');
  const places = catalog.registries.map(({ name, url }) => `${name}: ${url}`).join('\n');
  if (ask && (await vscode.window.showInformationMessage(vscode.l10n.t('Fetch the catalogue of MCP servers?'), { modal: true, detail: `${places}\n\n${vscode.l10n.t('It is kept on this machine, and is fetched again only when you ask for it.')}` }, fetch)) !== fetch) return false;
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Fetching the catalogue of MCP servers'), cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    const cancelling = token.onCancellationRequested(() => stop.abort(new AssassinError('cancelled', 'The sync was cancelled.')));
    try {
      const results = await catalog.sync({ signal: stop.signal, progress: (message) => progress.report({ message }) });
      void vscode.window.setStatusBarMessage(vscode.l10n.t('{0} MCP servers are in the catalogue', results.reduce((sum, { servers }) => sum + servers, 0)), 5000);
      return true;
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'cancelled') return false;
      throw error;
    } finally {
      cancelling.dispose();
    }
  });
}

function pick(services: Services, catalog: McpCatalog, text: string): Promise<CatalogHit | undefined> {
  const box = vscode.window.createQuickPick<HitItem>();
  const refresh: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('sync'), tooltip: vscode.l10n.t('Fetch what is new') };
  box.title = vscode.l10n.t('Find MCP server');
  box.placeholder = vscode.l10n.t('What should it do? The catalogue is of {0}', new Date(Math.min(...catalog.syncs().map(({ at }) => at))).toLocaleDateString());
  box.buttons = [refresh];
  box.ignoreFocusOut = true;
  box.value = text;
  const offer = () => (box.items = itemsFor(catalog, box.value));
  const { promise, resolve } = Promise.withResolvers<CatalogHit | undefined>();
  const listeners = vscode.Disposable.from(
    box.onDidChangeValue(offer),
    box.onDidTriggerButton(() => {
      box.busy = true;
      void sync(catalog, false).then(offer, (error: unknown) => showError(error, { log: services.log, doing: 'findMcpServer' })).finally(() => (box.busy = false));
    }),
    box.onDidAccept(() => {
      const hit = box.activeItems[0]?.hit;
      if (hit !== undefined) resolve(hit);
    }),
    box.onDidHide(() => resolve(undefined)),
  );
  offer();
  box.show();
  return promise.finally(() => {
    listeners.dispose();
    box.dispose();
  });
}

function itemsFor(catalog: McpCatalog, text: string): readonly HitItem[] {
  const hits = catalog.search(text, { limit: 50 });
  if (hits.length === 0) return [{ label: vscode.l10n.t('No server matches'), alwaysShow: true }];
  return hits.map((hit) => ({
    // The search has chosen: the box must not sort out what it would not have found itself.
    alwaysShow: true, hit, label: `${hit.status === 'deprecated' ? '$(warning) ' : ''}${visible(hit.title ?? hit.name)}`,
    description: `${visible(hit.name)} ${visible(hit.version)} · ${visible(hit.publisher)}${hit.status === 'active' ? '' : ` · ${hit.status}`}`, detail: visible(hit.description),
  }));
}

interface WayItem extends vscode.QuickPickItem {
  readonly way?: InstallWay;
  readonly link?: string;
}

/** The ways to have it, below what its registry says of it. */
async function pickWay({ entry, registry }: FoundEntry): Promise<InstallWay | undefined> {
  const { server, status, publishedAt } = entry;
  const about = [server.version, publisherOf(server.name), registry, status, ...(publishedAt === undefined ? [] : [publishedAt.slice(0, 10)])].map(visible).join(' · ');
  const links = [server.repository?.url, server.websiteUrl].filter((link) => link?.startsWith('https://') === true);
  const items: readonly WayItem[] = [
    ...waysOf(entry).map((way) => ({ label: `$(${'remote' in way.of ? 'globe' : 'package'}) ${visible(way.label)}`, way })),
    ...links.map((link) => ({ label: `$(link-external) ${visible(link ?? '')}`, ...(link === undefined ? {} : { link }) })),
  ];
  for (;;) {
    const chosen = await vscode.window.showQuickPick(items, { title: `${visible(server.title ?? server.name)}: ${about}`, placeHolder: items.some(({ way }) => way !== undefined) ? vscode.l10n.t('Add it how? You see the whole command first') : vscode.l10n.t('It is published in no way that can be added here'), ignoreFocusOut: true });
    if (chosen?.link === undefined) return chosen?.way;
    await openInBrowser(chosen.link);
  }
}
