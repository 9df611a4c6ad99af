import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BrokenChain, ChainFile } from '../../chains/chain-file.ts';
import { toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { Chains } from '../chains.ts';
import { errorText } from '../notify.ts';
import { errorItem, locationCommand } from './common-items.ts';
import { SteadyRows } from './steady-rows.ts';

interface ChainNode {
  readonly kind: 'chain';
  /** Relative to the workspace. */
  readonly file: string;
  readonly chain: ChainFile | BrokenChain;
}
type ChainsNode = ChainNode | { readonly kind: 'problem'; readonly error: ErrorInfo } | { readonly kind: 'error'; readonly error: ErrorInfo };

const problemsOf = (chain: ChainFile | BrokenChain): readonly ErrorInfo[] => ('problems' in chain ? chain.problems : []);

/** The view *Chains*: name and description, and what is wrong with a chain below it. */
export class ChainsTree implements vscode.TreeDataProvider<ChainsNode>, vscode.Disposable {
  readonly #workspace: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<ChainsNode[] | undefined>();
  readonly #rows: SteadyRows<ChainNode>;
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(chains: Chains, workspace: () => string | undefined) {
    this.#workspace = workspace;
    this.#rows = new SteadyRows({
      read: async () => (await chains.list()).map((chain) => ({ kind: 'chain', file: chain.path, chain })), keyOf: ({ file }) => file,
      draw: (rows) => this.#changed.fire(rows && [...rows]),
    });
    this.#subscription = chains.onDidChange(() => void this.#rows.changed());
  }

  refresh(): void {
    this.#rows.forget();
  }

  async getChildren(node?: ChainsNode): Promise<ChainsNode[]> {
    if (node?.kind === 'chain') return problemsOf(node.chain).map((error) => ({ kind: 'problem', error }));
    if (node) return [];
    try {
      return await this.#rows.list();
    } catch (error) {
      return [{ kind: 'error', error: toErrorInfo(error) }];
    }
  }

  getTreeItem(node: ChainsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'chain':
        return chainItem(node.chain, this.#workspace());
      case 'problem':
        return problemItem(node.error, this.#workspace());
      case 'error':
        return errorItem(node.error);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

function chainItem(chain: ChainFile | BrokenChain, workspace: string | undefined): vscode.TreeItem {
  const problems = problemsOf(chain);
  const broken = problems.length > 0;
  const item = new vscode.TreeItem(chain.title, broken ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
  const words = problems.length === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', problems.length);
  item.id = chain.path;
  item.description = broken ? words : chain.description;
  item.iconPath = broken ? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')) : new vscode.ThemeIcon('link');
  // A broken one can be run too: the run is recorded, and says where it is wrong.
  item.contextValue = 'chain';
  if (workspace !== undefined) item.resourceUri = vscode.Uri.file(join(workspace, chain.path));
  item.tooltip = 'meta' in chain ? `${chain.path}\n${chain.description}\n${vscode.l10n.t('May do: {0}', chain.meta.grants.join(', ') || vscode.l10n.t('nothing but compute'))}` : problems.map(errorText).join('\n');
  const command = locationCommand({ file: chain.path, line: 1, column: 1 }, workspace);
  if (command) item.command = command;
  item.accessibilityInformation = { label: [chain.title, ...(broken ? [words] : []), chain.description].filter(Boolean).join(', ') };
  return item;
}

function problemItem(error: ErrorInfo, workspace: string | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(error.message);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  if (error.location) item.description = `${error.location.line}:${error.location.column}`;
  item.tooltip = errorText(error);
  const command = locationCommand(error.location, workspace);
  if (command) item.command = command;
  item.accessibilityInformation = { label: `${vscode.l10n.t('Error')}: ${errorText(error)}${error.location ? `, ${vscode.l10n.t('line {0}', error.location.line)}` : ''}` };
  return item;
}
