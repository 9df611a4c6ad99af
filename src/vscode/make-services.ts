import * as vscode from 'vscode';
import { EditorApprover } from './approver.ts';
import { ChainTypes } from './chain-types.ts';
import { Chains } from './chains.ts';
import { LazyPanel } from './lazy-panel.ts';
import { LiveRuns } from './live-runs.ts';
import { McpInputs } from './mcp-inputs.ts';
import { McpServers } from './mcp-servers.ts';
import { runFolderPath } from './run-folder.ts';
import { RunHistory } from './run-history.ts';
import { RuntimeHolder } from './runtime-holder.ts';
import type { Services } from './services.ts';
import { StatusBar } from './status-bar.ts';
import { RunsTree } from './trees/runs-tree.ts';

/** Wires what the editor's side consists of. Cheap: each part opens what it needs when it is first asked. */
export function makeServices(context: vscode.ExtensionContext): Services {
  const log = vscode.window.createOutputChannel('Infrastructure Assassin', { log: true });
  const workspace = runFolderPath;
  const live = new LiveRuns();
  const mcpServers = new McpServers(workspace, log);
  const mcpInputs = new McpInputs({ secrets: context.secrets, index: context.globalState, server: (name) => mcpServers.find(name) });
  const approver = new EditorApprover({ show: (run) => void services.panel.show(run), titleOf: async (run) => (await history.run(run)).title });
  const holder = new RuntimeHolder(async () => (await import('./runtime-options.ts')).runtimeOptions({ context, log, mcpServers, mcpInputs, approver, workspace }));
  const history = new RunHistory(holder);
  const chains = new Chains(workspace);
  const chainTypes = new ChainTypes({ chains, holder, mcpServers, memory: context.workspaceState, workspace });
  const runsTree = new RunsTree({ history, workspace, isLive: (run) => live.has(run) });
  const statusBar = new StatusBar();
  const panel = new LazyPanel(() => ({
    context, history, workspace, log,
    actions: {
      isLive: (run) => live.has(run),
      cancel: (run, reason) => holder.cancel(run, reason),
      again: async (run) => (await import('./commands/run-again.ts')).runAgain(services, run),
      exportRun: async (run) => (await import('./commands/export-run.ts')).exportRun(services, run),
    },
  }));
  const services: Services = { context, log, holder, history, live, chains, chainTypes, mcpServers, mcpInputs, panel, statusBar, runsTree, workspace };
  context.subscriptions.push(log, live, mcpServers, history, chains, runsTree, statusBar, panel);
  return services;
}
