import * as vscode from 'vscode';
import { resourceForView, resultForView, textOf } from '../../mcp/apps/view-calls.ts';
import type { Runtime } from '../../runtime.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { exampleInput } from '../example-input.ts';
import { requireTrust } from '../launch.ts';
import { openMcpApp } from '../mcp-app-panel.ts';
import { openInBrowser } from '../open-in-browser.ts';
import type { Services } from '../services.ts';
import { askForJson } from './ask-for-json.ts';
import { pickServer } from './mcp.ts';
import { serverNameOfTarget } from './targets.ts';

/** Calls a tool that has a view, and shows its result in it. What the view wants done is asked like what a run wants. */
export async function openMcpView(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const server = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('View of which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const { holder, context } = services;
  const tools = await holder.use(({ mcp }) => mcp.tools(server));
  const shown = tools.filter(({ view, appOnly }) => view !== undefined && appOnly !== true);
  if (shown.length === 0) throw new AssassinError('not-supported', vscode.l10n.t('No tool of the MCP server {0} has a view.', server), { hint: vscode.l10n.t('Views come with servers that speak of MCP Apps.') });
  const tool = shown.length === 1 ? shown[0] : (await vscode.window.showQuickPick(shown.map((each) => ({ label: each.title ?? each.name, description: each.name, detail: each.description.split('\n', 1)[0] ?? '', each })), { title: vscode.l10n.t('View of which tool?') }))?.each;
  if (tool?.view === undefined) return;
  const input = await askForJson(context, { title: tool.title ?? tool.name, prompt: vscode.l10n.t('Arguments as JSON'), value: JSON.stringify(exampleInput(tool.inputSchema)), check: (value) => (isObject(value) ? undefined : vscode.l10n.t('Write an object')) });
  if (input === undefined || !isObject(input)) return;
  const { view } = tool;
  const call = (name: string, args: Json, grants: readonly string[]) => holder.use(async (runtime) => await ended(runtime, name, args, grants));
  const result = await call(`mcp.${server}.${tool.name}`, input, [`mcp ${server}:${tool.name}`]);
  const html = textOf(await call('resources.read', { server, uri: view }, [`mcp ${server}:resources/read`]));
  if (html === '') throw new AssassinError('invalid-output', vscode.l10n.t('The view {0} is empty.', view), { hint: vscode.l10n.t('Tell the author of the server.') });
  openMcpApp({
    extensionUri: context.extensionUri, version: String((context.extension.packageJSON as { readonly version?: unknown }).version), html, input, result: resultForView(result),
    title: tool.title ?? tool.name, from: vscode.l10n.t('This view was made by the MCP server {0}. It reaches no network, and what it wants done is asked.', server),
    callTool: async (name, args) => {
      const other = (await holder.use(({ mcp }) => mcp.tools(server))).find((each) => each.name === name);
      if (other === undefined || other.notForViews === true) throw new AssassinError('denied', `Views of ${server} may not call ${name}.`);
      return resultForView(await call(`mcp.${server}.${name}`, args, []));
    },
    readResource: async (uri) => resourceForView(uri, await call('resources.read', { server, uri }, [])),
    openLink: async (url) => {
      const open = vscode.l10n.t('Open');
      if ((await vscode.window.showWarningMessage(vscode.l10n.t('A view of the MCP server {0} wants to open an address.', server), { modal: true, detail: url }, open)) !== open) return false;
      return await openInBrowser(url);
    },
    log: (message) => services.log.info(`[${server}] view: ${message}`),
  });
}

/** A run of its own, so that it is on record, and asked for where no grant allows it. */
async function ended(runtime: Runtime, name: string, input: Json, grants: readonly string[]): Promise<Json> {
  const { outcome } = await runtime.startTool(name, input, { grants, askUngranted: true });
  const { result, error } = await outcome;
  if (error !== undefined) throw fromErrorInfo(error);
  return result ?? null;
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
