import * as vscode from 'vscode';
import { extensionName } from '../names.ts';
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

/** *Start*, *Stop*, *Restart*, *Sign in* where a server asks for it, and the number of tools above each server of a configuration file. */
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
    return (await import('./mcp-lenses-of.ts')).mcpLensesOf(document, this.#options.holder);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
