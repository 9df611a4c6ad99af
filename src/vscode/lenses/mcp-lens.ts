import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { McpServerConfig } from '../../mcp/mcp-config.ts';
import { commandId, extensionName } from '../names.ts';
import { mcpFiles } from '../mcp-servers.ts';
import { inRunFolder } from '../run-folder.ts';
import type { RuntimeHolder } from '../runtime-holder.ts';

export const mcpDocuments: vscode.DocumentSelector = [{ scheme: 'file', pattern: '**/.vscode/mcp.json' }, { scheme: 'file', pattern: '**/.mcp.json' }];

interface McpLensOptions {
  readonly holder: RuntimeHolder;
}

/** Only the files of the folder that runs work in are read by them. */
function isRead(uri: vscode.Uri): boolean {
  return inRunFolder(uri) && mcpFiles.some((file) => file === vscode.workspace.asRelativePath(uri, false));
}

/** *Start*, *Stop*, *Sign in* where a server asks for it, and the number of tools above each server of a configuration file. */
export class McpLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #options: McpLensOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(options: McpLensOptions) {
    this.#options = options;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted || !isRead(document.uri)) return [];
    if (!vscode.workspace.getConfiguration(extensionName, document).get<boolean>('codeLens.mcpServers', true)) return [];
    const { readPortableMcpFile, readVsCodeMcpFile } = await import('../../mcp/mcp-config-files.ts');
    const read = basename(document.fileName) === '.mcp.json' ? readPortableMcpFile : readVsCodeMcpFile;
    const { servers } = read(document.getText());
    return (await Promise.all(servers.map((server) => this.#lenses(server)))).flat();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #lenses({ name, enabled, provenance: { line = 1 } }: McpServerConfig): Promise<vscode.CodeLens[]> {
    const range = new vscode.Range(line - 1, 0, line - 1, 0);
    if (!enabled) return [new vscode.CodeLens(range, { command: '', title: vscode.l10n.t('Switched off') })];
    // A runtime that is not open yet has started nothing: it is not opened only to say so.
    const status = this.#options.holder.isOpen ? (await this.#options.holder.use((runtime) => runtime.mcp.servers())).find((server) => server.name === name) : undefined;
    const lens = (title: string, command: string) => new vscode.CodeLens(range, { title, command, arguments: command === '' ? [] : [name] });
    const start = lens(`$(play) ${vscode.l10n.t('Start')}`, commandId('startMcpServer'));
    const stop = lens(`$(debug-stop) ${vscode.l10n.t('Stop')}`, commandId('stopMcpServer'));
    const tools = status?.tools === undefined ? [] : [lens(status.tools === 1 ? vscode.l10n.t('1 tool') : vscode.l10n.t('{0} tools', status.tools), `${extensionName}.mcpServers.focus`)];
    if (status?.state === 'starting') return [lens(`$(loading~spin) ${vscode.l10n.t('Starting')}`, ''), stop];
    if (status?.startedByHand) return [stop, ...tools];
    if (status?.error?.data?.['signIn'] === true) return [start, lens(`$(sign-in) ${vscode.l10n.t('Sign in')}`, commandId('signInMcpServer'))];
    if (status?.state === 'failed') return [start, lens(`$(error) ${vscode.l10n.t('Failed: show log')}`, commandId('showLog'))];
    return [start, ...tools];
  }
}
