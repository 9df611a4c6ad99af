import * as vscode from 'vscode';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { ChainsTree } from './chains-tree.ts';
import { McpTree } from './mcp-tree.ts';

/** The three views of the activity bar. */
export function registerViews({ runsTree, chains, holder, live, mcpServers, workspace }: Services): vscode.Disposable {
  const chainsTree = new ChainsTree(chains, workspace);
  const mcpTree: McpTree = new McpTree({ holder, servers: mcpServers, workspace, isVisible: () => mcpView.visible });
  const mcpView = vscode.window.createTreeView(`${extensionName}.mcpServers`, { treeDataProvider: mcpTree, showCollapseAll: true });
  const runsView = vscode.window.createTreeView(`${extensionName}.runs`, { treeDataProvider: runsTree, showCollapseAll: true });
  runsTree.shownIn(runsView);
  const showLive = () => {
    const count = live.ids.length;
    runsView.badge = count === 0 ? undefined : { value: count, tooltip: count === 1 ? vscode.l10n.t('1 run goes on') : vscode.l10n.t('{0} runs go on', count) };
  };
  return vscode.Disposable.from(
    runsView, chainsTree, mcpTree, mcpView,
    vscode.window.createTreeView(`${extensionName}.chains`, { treeDataProvider: chainsTree }),
    live.onDidChange(showLive),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      runsTree.refresh();
      chainsTree.refresh();
    }),
  );
}
