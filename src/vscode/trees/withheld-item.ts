import * as vscode from 'vscode';
import type { Withheld } from '../../mcp/trust/server-trust.ts';
import type { McpPin } from '../../store/mcp-pins.ts';
import { commandId } from '../names.ts';

export interface McpWithheldNode {
  readonly kind: 'withheld';
  readonly server: string;
  readonly withheld: Withheld;
}

/** What is withheld, in a few words. */
export function withheldTitle({ kind, name }: Pick<McpPin, 'kind' | 'name'>): string {
  switch (kind) {
    case 'server': return vscode.l10n.t('How it is started');
    case 'instructions': return vscode.l10n.t('Its instructions');
    case 'prompt': return vscode.l10n.t('Prompt {0}', name);
    case 'resource-template': return vscode.l10n.t('Resource template {0}', name);
    default: return vscode.l10n.t('Tool {0}', name);
  }
}

export function withheldItem({ server, withheld: { now, reason } }: McpWithheldNode): vscode.TreeItem {
  const title = withheldTitle(now);
  const item = new vscode.TreeItem(title);
  item.id = `${server}/withheld/${now.kind}/${now.name}`;
  item.iconPath = new vscode.ThemeIcon('shield', new vscode.ThemeColor('list.warningForeground'));
  item.description = reason;
  item.tooltip = reason;
  item.contextValue = 'mcp-withheld';
  item.command = { command: commandId('reviewMcpServer'), title: vscode.l10n.t('Review'), arguments: [server] };
  item.accessibilityInformation = { label: `${title}, ${vscode.l10n.t('waits for approval')}. ${reason}` };
  return item;
}
