import * as vscode from 'vscode';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { ChainLens, chainDocuments } from './chain-lens.ts';
import { FunctionLens, functionDocuments } from './function-lens.ts';
import { McpLens, mcpDocuments } from './mcp-lens.ts';

const settleMs = 300;

/** Lenses of chains, of MCP configurations and of functions. */
export function registerLenses({ history, holder, live, servings, workspace }: Pick<Services, 'history' | 'holder' | 'live' | 'servings' | 'workspace'>): vscode.Disposable {
  const chains = new ChainLens({ history, workspace });
  const servers = new McpLens({ holder });
  const functions = new FunctionLens(servings);
  const all = [chains, servers, functions];
  let timer: NodeJS.Timeout | undefined;
  return vscode.Disposable.from(
    ...all,
    vscode.languages.registerCodeLensProvider(chainDocuments, chains),
    vscode.languages.registerCodeLensProvider(mcpDocuments, servers),
    vscode.languages.registerCodeLensProvider(functionDocuments, functions),
    live.onDidChange(() => {
      // A run changes its state several times in a row; the last run's line needs the last of them.
      timer ??= setTimeout(() => {
        timer = undefined;
        chains.refresh();
      }, settleMs);
    }),
    holder.onDidChangeServers(() => servers.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => all.forEach((lens) => lens.refresh())),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(`${extensionName}.codeLens`) && all.forEach((lens) => lens.refresh())),
    { dispose: () => clearTimeout(timer) },
  );
}
