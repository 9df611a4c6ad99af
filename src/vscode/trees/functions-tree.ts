import * as vscode from 'vscode';
import { commandId, extensionName } from '../names.ts';
import type { ServedFunction, Servings } from '../servings.ts';

/** The view *Served functions*: name, address, and the ways to copy and to stop. */
export class FunctionsTree implements vscode.TreeDataProvider<ServedFunction> {
  readonly #servings: Servings;
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(servings: Servings) {
    this.#servings = servings;
    this.onDidChangeTreeData = servings.onDidChange;
  }

  getChildren(node?: ServedFunction): ServedFunction[] {
    return node ? [] : [...this.#servings.all];
  }

  getTreeItem(served: ServedFunction): vscode.TreeItem {
    const item = new vscode.TreeItem(`${served.name}()`, vscode.TreeItemCollapsibleState.None);
    item.id = served.id;
    item.description = served.url;
    item.iconPath = new vscode.ThemeIcon('radio-tower');
    item.contextValue = 'serving';
    item.tooltip = vscode.l10n.t('{0} of {1} answers at {2}', served.name, served.file, served.url);
    item.accessibilityInformation = { label: item.tooltip };
    item.command = { command: commandId('openPanel'), title: vscode.l10n.t('Show run'), arguments: [served.id] };
    return item;
  }
}

/** Made when the first function is served: nothing of it is part of what activation loads. */
export function showFunctions(servings: Servings): vscode.Disposable {
  return vscode.window.createTreeView(`${extensionName}.functions`, { treeDataProvider: new FunctionsTree(servings) });
}
