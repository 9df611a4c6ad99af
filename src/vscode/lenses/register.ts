import * as vscode from 'vscode';
import { extensionName } from '../names.ts';
import type { Services } from '../services.ts';
import { ChainLens, chainDocuments } from './chain-lens.ts';
import { FunctionLens, functionDocuments } from './function-lens.ts';
import { McpLens, mcpDocuments } from './mcp-lens.ts';
import { VerifyLens, verifyDocuments } from './verify-lens.ts';

const settleMs = 300;

/** Lenses of chains, of MCP configurations, of functions and of pages that can be checked. */
export function registerLenses({ history, holder, live, servings, functionRuns, workspace }: Pick<Services, 'history' | 'holder' | 'live' | 'servings' | 'functionRuns' | 'workspace'>): vscode.Disposable {
  const chains = new ChainLens({ history, workspace });
  const servers = new McpLens({ holder });
  const functions = new FunctionLens({ servings, functionRuns, history });
  const pages = new VerifyLens();
  const all = [chains, servers, functions, pages];
  let timer: NodeJS.Timeout | undefined;
  return vscode.Disposable.from(
    ...all,
    vscode.languages.registerCodeLensProvider(chainDocuments, chains),
    vscode.languages.registerCodeLensProvider(mcpDocuments, servers),
    vscode.languages.registerCodeLensProvider(functionDocuments, functions),
    vscode.languages.registerCodeLensProvider(verifyDocuments, pages),
    live.onDidChange(() => {
      // A run changes its state several times in a row; the last run's line needs the last of them.
      timer ??= setTimeout(() => {
        timer = undefined;
        chains.refresh();
        functions.refresh();
      }, settleMs);
    }),
    holder.onDidChangeServers(() => servers.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => all.forEach((lens) => lens.refresh())),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(`${extensionName}.codeLens`) && all.forEach((lens) => lens.refresh())),
    { dispose: () => clearTimeout(timer) },
  );
}
