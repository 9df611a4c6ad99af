import * as vscode from 'vscode';
import { describeError } from '../shared/errors.ts';
import { extensionName } from './names.ts';
import { watchFileProblems } from './file-problems.ts';
import { inRunFolder } from './run-folder.ts';
import type { Services } from './services.ts';
import { concernsRuntime } from './settings.ts';

/** Lets what happens in the editor and in runs have its effect on the other parts. */
export function watchChanges(services: Services): vscode.Disposable {
  const { holder, live, log, mcpServers, statusBar } = services;
  const logged = (doing: string, work: Promise<unknown>) => void work.catch((error: unknown) => log.warn(`${doing}: ${describeError(error)}`));
  const types = () => vscode.workspace.isTrusted && logged('The types of chains could not be written', services.writeTypes());
  const isChain = (uri: vscode.Uri) => inRunFolder(uri) && /^\.assassin\/chains\/.*\.ts$/.test(vscode.workspace.asRelativePath(uri, false));
  let knownTools = '';
  // A chain that is open when the window opens was never opened as far as events tell.
  const first = setTimeout(() => vscode.workspace.textDocuments.some(({ uri }) => isChain(uri)) && types());
  return vscode.Disposable.from(
    watchFileProblems(services),
    holder.onDidAppend((events) => live.note(events)),
    live.onDidChange(() => {
      const count = live.ids.length;
      statusBar.update(count, live.waiting);
      void vscode.commands.executeCommand('setContext', `${extensionName}.liveRuns`, count);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => concernsRuntime(event) && holder.renew()),
    mcpServers.onDidChange(({ servers }) => {
      if (holder.isOpen) logged('The MCP servers could not be configured', holder.use((runtime) => runtime.mcp.configure(servers)));
      types();
    }),
    holder.onDidChangeServers(() => logged('The tools of MCP servers could not be read', (async () => {
      if (!holder.isOpen) return;
      // Most changes are starts and stops; types change only with tools, also with those that keep their name.
      const now = await holder.use(({ mcp }) => JSON.stringify(mcp.servers().map(({ name }) => [name, mcp.knownTools(name)?.map((tool) => [tool.name, tool.description, tool.inputSchema, tool.outputSchema])])));
      if (now === knownTools) return;
      knownTools = now;
      types();
    })())),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => isChain(uri) && types()),
    { dispose: () => clearTimeout(first) },
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      // What was opened without trust knows no server and no rule of this folder.
      holder.renew();
      logged('The MCP servers could not be read', mcpServers.reload());
    }),
  );
}
