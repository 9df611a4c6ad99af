import type * as vscode from 'vscode';
import type { EditorApprover } from './approver.ts';
import type { LazyPanel } from './lazy-panel.ts';
import type { RunHistory } from './run-history.ts';
import type { RuntimeHolder } from './runtime-holder.ts';
import type { StatusBar } from './status-bar.ts';
import type { RunsTree } from './trees/runs-tree.ts';

/** What commands work with; made once, in `extension.ts`. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly holder: RuntimeHolder;
  readonly history: RunHistory;
  readonly panel: LazyPanel;
  readonly statusBar: StatusBar;
  readonly approver: EditorApprover;
  readonly runsTree: RunsTree;
  /** Absolute path of the folder that runs work in; none where no folder is open. */
  readonly workspace: () => string | undefined;
}
