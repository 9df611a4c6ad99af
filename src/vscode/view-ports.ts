import * as vscode from 'vscode';
import type { AppHostOptions } from '../mcp/apps/app-host.ts';
import { resourceForView, resultForView, textOf } from '../mcp/apps/view-calls.ts';
import type { Runtime } from '../runtime.ts';
import { AssassinError, fromErrorInfo } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { openInBrowser } from './open-in-browser.ts';
import type { Services } from './services.ts';

type ViewServices = Pick<Services, 'context' | 'holder' | 'log'>;

export interface ViewPorts extends Pick<AppHostOptions, 'version' | 'callTool' | 'readResource' | 'openLink' | 'log'> {
  /** Whose the view is, in a sentence. */
  readonly from: string;
}

/** How the editor looks just now, as views are told it. */
export function viewLook(): Pick<AppHostOptions, 'theme' | 'locale'> {
  const dark = [vscode.ColorThemeKind.Dark, vscode.ColorThemeKind.HighContrast].includes(vscode.window.activeColorTheme.kind);
  return { theme: dark ? 'dark' : 'light', locale: vscode.env.language };
}

/** What a view of a server may have done, wherever it is shown: each a run of its own, asked about like what a run wants. */
export function viewPorts({ context, holder, log }: ViewServices, server: string): ViewPorts {
  return {
    version: String((context.extension.packageJSON as { readonly version?: unknown }).version),
    from: vscode.l10n.t('This view was made by the MCP server {0}. It can load and fetch nothing, and what it wants done is asked.', server),
    callTool: async (name, args) => {
      const other = (await holder.use(({ mcp }) => mcp.tools(server))).find((each) => each.name === name);
      if (other === undefined || other.notForViews === true) throw new AssassinError('denied', `Views of ${server} may not call ${name}.`);
      return resultForView(await callForView({ holder }, `mcp.${server}.${name}`, args, []));
    },
    readResource: async (uri) => resourceForView(uri, await callForView({ holder }, 'resources.read', { server, uri }, [])),
    openLink: async (url) => {
      const open = vscode.l10n.t('Open');
      if ((await vscode.window.showWarningMessage(vscode.l10n.t('A view of the MCP server {0} wants to open an address.', server), { modal: true, detail: url }, open)) !== open) return false;
      return await openInBrowser(url);
    },
    log: (message) => log.info(`[${server}] view: ${message}`),
  };
}

/** The HTML of a view that a person asked to see. */
export async function readView(services: Pick<Services, 'holder'>, server: string, uri: string): Promise<string> {
  const html = textOf(await callForView(services, 'resources.read', { server, uri }, [`mcp ${server}:resources/read`]));
  if (html === '') throw new AssassinError('invalid-output', vscode.l10n.t('The view {0} is empty.', uri), { hint: vscode.l10n.t('Tell the author of the server.') });
  return html;
}

/** A run of its own, so that it is on record, and asked for where no grant allows it. */
export function callForView({ holder }: Pick<Services, 'holder'>, name: string, input: Json, grants: readonly string[]): Promise<Json> {
  return holder.use(async (runtime: Runtime) => {
    const { outcome } = await runtime.startTool(name, input, { grants, askUngranted: true });
    const { result, error } = await outcome;
    if (error !== undefined) throw fromErrorInfo(error);
    return result ?? null;
  });
}
