import * as vscode from 'vscode';
import type { HttpService } from '../serve/serve-http.ts';
import { extensionName } from './names.ts';
import type { Services } from './services.ts';
import { configuration } from './settings.ts';

/** As in the manifest, which tells the editor of it before this extension is loaded. */
const providerId = `${extensionName}.server`;
const setting = 'mcp.serveToEditor';
/** Stands in the definition until the editor wants to start the server, which then gets a port and a token. */
const notStarted = 'http://127.0.0.1/mcp';

/** Offers this window's runtime as an MCP server to the chat of the editor: with its grants, its record, and its questions in the panel. */
export function registerMcpProvider(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let service: Promise<HttpService> | undefined;
  const wanted = () => vscode.workspace.isTrusted && services.workspace() !== undefined && configuration(undefined).get<boolean>(setting, true);
  const close = () => {
    const open = service;
    service = undefined;
    void open?.then((each) => each[Symbol.asyncDispose]()).catch(() => undefined);
  };
  const look = () => {
    if (!wanted()) close();
    changed.fire();
  };
  const definition = (at?: HttpService) => new vscode.McpHttpServerDefinition(
    'Infrastructure Assassin', vscode.Uri.parse(at?.url ?? notStarted), at === undefined ? {} : { Authorization: `Bearer ${at.token}` }, String((services.context.extension.packageJSON as { readonly version: unknown }).version),
  );
  const start = async () => (await import('./mcp-service.ts')).startMcpService(services);
  return vscode.Disposable.from(
    changed, { dispose: close },
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(`${extensionName}.${setting}`) && look()),
    vscode.lm.registerMcpServerDefinitionProvider(providerId, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: async () => (wanted() ? [definition(await service)] : []),
      resolveMcpServerDefinition: async () => {
        if (!wanted()) return undefined;
        try {
          return definition(await (service ??= start()));
        } catch (error) {
          // The next attempt may find what was in its way gone.
          service = undefined;
          throw error;
        }
      },
    }),
  );
}
