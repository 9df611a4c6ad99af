import * as vscode from 'vscode';
import type { EditorApprover } from './approver.ts';
import type { ChainTypes } from './chain-types.ts';
import { Chains } from './chains.ts';
import { FunctionRuns } from './function-runs.ts';
import { LazyPanel } from './lazy-panel.ts';
import { LiveRuns } from './live-runs.ts';
import { McpServers } from './mcp-servers.ts';
import { runFolderPath } from './run-folder.ts';
import { RunHistory } from './run-history.ts';
import { RuntimeHolder } from './runtime-holder.ts';
import type { Services } from './services.ts';
import { Servings } from './servings.ts';
import { StatusBar } from './status-bar.ts';
import { RunsTree } from './trees/runs-tree.ts';

/** Wires what the editor's side consists of. Cheap: each part opens what it needs when it is first asked. */
export function makeServices(context: vscode.ExtensionContext): Services {
  const log = vscode.window.createOutputChannel('Infrastructure Assassin', { log: true });
  const workspace = runFolderPath;
  const live = new LiveRuns();
  const mcpServers = new McpServers(workspace, log);
  const servings = new Servings();
  const functionRuns = new FunctionRuns();
  // One for all runtimes of this window, so that two of them don't ask at once.
  let approver: Promise<EditorApprover> | undefined;
  const loadApprover = async () => {
    const { EditorApprover } = await import('./approver.ts');
    return new EditorApprover({ show: (run) => void services.panel.show(run), hidden: (signal) => services.panel.hidden(signal), titleOf: async (run) => (await history.run(run)).title });
  };
  // From the first runtime on: before that nothing of ours knows a secret.
  let ownErrors: Disposable | undefined;
  const holder = new RuntimeHolder(async () => {
    const [{ runtimeOptions }, asks, { redactOwnErrors }] = await Promise.all([import('./runtime-options.ts'), (approver ??= loadApprover()), import('./own-errors.ts')]);
    if (ownErrors === undefined) {
      const redacted = (ownErrors = redactOwnErrors({ events: process, folder: context.extensionPath, redactors: () => holder.runtimes.map(({ redactor }) => redactor), log: (text) => log.error(text) }));
      context.subscriptions.push({ dispose: () => redacted[Symbol.dispose]() });
    }
    return runtimeOptions(services, asks);
  });
  const history = new RunHistory(holder, log, async () => (await import('./open-records.ts')).openRecords((level, message) => log[level](message)));
  const chains = new Chains(workspace);
  let chainTypes: Promise<ChainTypes> | undefined;
  const loadTypes = async () => new (await import('./chain-types.ts')).ChainTypes({ chains, holder, mcpServers, memory: context.workspaceState, workspace });
  const runsTree = new RunsTree({ history, workspace, isLive: (run) => live.has(run) });
  const statusBar = new StatusBar();
  const panel = new LazyPanel(async () => (await import('./panel-options.ts')).panelOptions(services));
  const services: Services = {
    context, log, holder, history, live, chains, mcpServers, servings, functionRuns, panel, statusBar, runsTree, workspace,
    writeTypes: async (options) => (await (chainTypes ??= loadTypes())).write(options),
  };
  context.subscriptions.push(log, live, mcpServers, servings, functionRuns, history, chains, runsTree, statusBar, panel);
  return services;
}
