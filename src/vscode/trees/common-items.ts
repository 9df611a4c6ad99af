import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { ErrorInfo, SourceLocation } from '../../shared/errors.ts';
import { commandId } from '../names.ts';
import { settingCommand } from '../setting-command.ts';
import type { MoreNode } from './runs-nodes.ts';

export function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more'));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: commandId('showMore'), title: vscode.l10n.t('Show more'), arguments: [node] };
  return item;
}

/** Why nothing can be run from a list of runs. */
export function restrictedItem(): vscode.TreeItem {
  const label = vscode.l10n.t('Restricted Mode: nothing is run');
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon('shield');
  item.tooltip = vscode.l10n.t('What was recorded can be read. To run something, trust this folder.');
  item.accessibilityInformation = { label: `${label}. ${item.tooltip}` };
  item.command = { command: 'workbench.trust.manage', title: vscode.l10n.t('Manage workspace trust') };
  return item;
}

/** A view that cannot show what it should says why, in its own place. */
export function errorItem({ message, hint, code, data }: ErrorInfo): vscode.TreeItem {
  const setting = data?.['setting'];
  const item = new vscode.TreeItem(message);
  // Of a whole message about a setting the side bar has room for the first half of its name.
  if (typeof setting === 'string') {
    item.label = setting.slice(setting.indexOf('.') + 1);
    item.description = message.split(`${setting}: `).at(-1) ?? message;
  }
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.tooltip = `${message}${hint === undefined ? '' : ` ${hint}`} (${code})`;
  item.accessibilityInformation = { label: item.tooltip };
  item.command = typeof setting === 'string'
    ? settingCommand(setting)
    : { command: commandId('showLog'), title: vscode.l10n.t('Show log') };
  return item;
}

/** Goes to the place of a problem; lines and columns of locations count from 1. */
export function locationCommand(location: SourceLocation | undefined, workspace: string | undefined): vscode.Command | undefined {
  if (!location || workspace === undefined) return undefined;
  const position = new vscode.Position(Math.max(0, location.line - 1), Math.max(0, location.column - 1));
  const uri = vscode.Uri.file(isAbsolute(location.file) ? location.file : join(workspace, location.file));
  return { command: 'vscode.open', title: vscode.l10n.t('Go to line'), arguments: [uri, { selection: new vscode.Range(position, position) } satisfies vscode.TextDocumentShowOptions] };
}
