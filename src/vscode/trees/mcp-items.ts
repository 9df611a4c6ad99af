import * as vscode from 'vscode';
import type { ConfigProblem } from '../../mcp/mcp-config.ts';
import type { McpServerState, McpServerStatus } from '../../mcp/mcp-server.ts';
import type { SignInState } from '../mcp-sign-in-state.ts';
import { errorText } from '../notify.ts';
import { locationCommand } from './common-items.ts';

export interface McpServerNode {
  readonly kind: 'server';
  readonly status: McpServerStatus;
  readonly signIn: SignInState;
  /** How much of it waits for the person's word. */
  readonly waiting: number;
}
export interface McpToolNode {
  readonly kind: 'tool';
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly icon?: string;
}
export interface McpProblemNode {
  readonly kind: 'problem';
  readonly problem: ConfigProblem;
}
const icons: Readonly<Record<McpServerState, vscode.ThemeIcon>> = {
  stopped: new vscode.ThemeIcon('debug-disconnect'),
  starting: new vscode.ThemeIcon('loading~spin'),
  running: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
};

/** How a row of the view *MCP servers* looks; loaded with the first one. */
export function mcpItem(node: McpServerNode | McpToolNode | McpProblemNode, workspace: string | undefined): vscode.TreeItem {
  switch (node.kind) {
    case 'server':
      return serverItem(node);
    case 'tool':
      return toolItem(node);
    case 'problem':
      return problemItem(node, workspace);
  }
}

function stateWord({ state, enabled }: McpServerStatus): string {
  if (!enabled) return vscode.l10n.t('switched off');
  switch (state) {
    case 'stopped': return vscode.l10n.t('stopped');
    case 'starting': return vscode.l10n.t('starting');
    case 'running': return vscode.l10n.t('running');
    case 'failed': return vscode.l10n.t('failed');
  }
}

function serverItem({ status, signIn, waiting }: McpServerNode): vscode.TreeItem {
  const { name, title, state, tools, error, provenance, command, enabled, startedByHand, runs, restarts, since, retryAt } = status;
  const item = new vscode.TreeItem(title, tools || waiting > 0 || startedByHand ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  item.id = name;
  item.iconPath = enabled ? icons[state] : new vscode.ThemeIcon('circle-slash');
  const parts = [
    stateWord(status),
    ...(retryAt === undefined ? [] : [vscode.l10n.t('starts again at {0}', new Date(retryAt).toLocaleTimeString())]),
    ...(restarts === 0 ? [] : [restarts === 1 ? vscode.l10n.t('started again once') : vscode.l10n.t('started again {0} times', restarts)]),
    ...(signIn === 'asks' ? [vscode.l10n.t('sign-in needed')] : signIn === 'signed' ? [vscode.l10n.t('signed in')] : []),
    ...(tools === undefined ? [] : [tools === 1 ? vscode.l10n.t('1 tool') : vscode.l10n.t('{0} tools', tools)]),
    ...(waiting === 0 ? [] : [waiting === 1 ? vscode.l10n.t('1 waits for approval') : vscode.l10n.t('{0} wait for approval', waiting)]),
    ...(runs === 0 ? [] : [runs === 1 ? vscode.l10n.t('used by 1 run') : vscode.l10n.t('used by {0} runs', runs)]),
  ];
  item.description = parts.join(' · ');
  // A run's own instance ends with the run: only what was started by hand can be stopped by hand.
  const life = enabled ? `mcp-${state === 'running' && !startedByHand ? 'stopped' : state}` : 'mcp-off';
  item.contextValue = signIn === 'none' ? life : `${life} ${signIn}`;
  const place = provenance.line === undefined ? provenance.file : `${provenance.file}:${provenance.line}`;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(`${title}: ${parts.join(', ')}`).appendCodeblock(command, 'text').appendText(place);
  if (since !== undefined) tooltip.appendText(`\n\n${vscode.l10n.t('Runs since {0}', new Date(since).toLocaleString())}`);
  if (error) tooltip.appendText(`\n\n${errorText(error)}`);
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: [title, ...parts, ...(error ? [errorText(error)] : []), place].join(', ') };
  return item;
}

function toolItem({ server, name, description, icon }: McpToolNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.id = `${server}/${name}`;
  item.iconPath = icon === undefined ? new vscode.ThemeIcon('tools') : vscode.Uri.parse(icon, true);
  item.description = description.split('\n', 1)[0] ?? '';
  // As plain text: the server wrote it, and Markdown could hold links and images of its choosing.
  item.tooltip = description;
  item.accessibilityInformation = { label: `${name}, ${description}` };
  return item;
}

function problemItem({ problem: { severity, server, error } }: McpProblemNode, workspace: string | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(server ?? error.location?.file ?? vscode.l10n.t('Configuration'));
  // The row bears the name of the server, and in a side bar there is room for little more than what is wrong.
  item.description = String(error.data?.['what'] ?? error.message);
  item.tooltip = errorText(error);
  item.iconPath = new vscode.ThemeIcon(severity, new vscode.ThemeColor(severity === 'error' ? 'list.errorForeground' : 'list.warningForeground'));
  item.accessibilityInformation = { label: `${severity === 'error' ? vscode.l10n.t('Error') : vscode.l10n.t('Warning')}: ${errorText(error)}` };
  const command = locationCommand(error.location, workspace);
  if (command) item.command = command;
  return item;
}
