import * as vscode from 'vscode';
import { resultForView } from '../../mcp/apps/view-calls.ts';
import { AssassinError } from '../../shared/errors.ts';
import { isObject } from '../../shared/json.ts';
import { exampleInput } from '../example-input.ts';
import { requireTrust } from '../launch.ts';
import { openMcpApp } from '../mcp-app-panel.ts';
import type { Services } from '../services.ts';
import { callForView, readView, viewPorts } from '../view-ports.ts';
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
  const result = await callForView(services, `mcp.${server}.${tool.name}`, input, [`mcp ${server}:${tool.name}`]);
  const html = await readView(services, server, view);
  openMcpApp({ ...viewPorts(services, server), extensionUri: context.extensionUri, html, input, result: resultForView(result), title: tool.title ?? tool.name });
}
