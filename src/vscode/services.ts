import type * as vscode from 'vscode';
import type { ChainTypes } from './chain-types.ts';
import type { Chains } from './chains.ts';
import type { FunctionRuns } from './function-runs.ts';
import type { LazyPanel } from './lazy-panel.ts';
import type { LiveRuns } from './live-runs.ts';
import type { McpServers } from './mcp-servers.ts';
import type { RunHistory } from './run-history.ts';
import type { RuntimeHolder } from './runtime-holder.ts';
import type { Servings } from './servings.ts';
import type { StatusBar } from './status-bar.ts';
import type { RunsTree } from './trees/runs-tree.ts';

/** What commands, views and lenses work with; made once, in `extension.ts`. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly holder: RuntimeHolder;
  readonly history: RunHistory;
  readonly live: LiveRuns;
  readonly chains: Chains;
  readonly mcpServers: McpServers;
  /** What was run of the functions of open files. */
  readonly functionRuns: FunctionRuns;
  /** Functions that answer on ports of this computer. */
  readonly servings: Servings;
  readonly panel: LazyPanel;
  readonly statusBar: StatusBar;
  readonly runsTree: RunsTree;
  /** Keeps the types of chains true; see ChainTypes. */
  readonly writeTypes: ChainTypes['write'];
  /** Real path of the folder that runs work in; none where no folder is open. */
  readonly workspace: () => string | undefined;
}
