import * as vscode from 'vscode';
import type { McpConfiguration, McpServerConfig } from '../mcp/mcp-config.ts';
import { describeError, toErrorInfo } from '../shared/errors.ts';
import { configuration } from './settings.ts';
import { extensionName } from './names.ts';

export const mcpFiles = ['.vscode/mcp.json', '.mcp.json'] as const;
const settleMs = 200;

/** The MCP servers that settings and files configure, read again whenever one of these changes. In an untrusted workspace there are none. */
export class McpServers implements vscode.Disposable {
  readonly #workspace: () => string | undefined;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<McpConfiguration>();
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  #loading: Promise<McpConfiguration> | undefined;
  #known: readonly McpServerConfig[] = [];
  #watching = false;
  #timer: NodeJS.Timeout | undefined;
  /** Something may have changed; the new configuration comes along. */
  readonly onDidChange = this.#changed.event;

  constructor(workspace: () => string | undefined, log: vscode.LogOutputChannel) {
    this.#workspace = workspace;
    this.#log = log;
  }

  load(): Promise<McpConfiguration> {
    return (this.#loading ??= this.#load());
  }

  /** The server of that name, as it was loaded last. */
  find(name: string): McpServerConfig | undefined {
    return this.#known.find((server) => server.name === name);
  }

  async reload(): Promise<McpConfiguration> {
    this.#loading = undefined;
    const loaded = await this.load();
    this.#changed.fire(loaded);
    return loaded;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #load(): Promise<McpConfiguration> {
    const workspace = this.#workspace();
    if (workspace === undefined || !vscode.workspace.isTrusted) return { servers: [], problems: [] };
    this.#watch(workspace);
    const { loadMcpServers } = await import('../mcp/mcp-config-files.ts');
    const loaded = await loadMcpServers({ workspace, settings: configuration(undefined).get<unknown>('mcp.servers') });
    for (const { error, severity } of loaded.problems) this.#log[severity === 'error' ? 'error' : 'warn'](describeError(error));
    this.#known = loaded.servers;
    return loaded;
  }

  #watch(workspace: string): void {
    if (this.#watching) return;
    this.#watching = true;
    for (const file of mcpFiles) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(workspace), file));
      for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(() => this.#soon(), undefined, this.#disposables);
      this.#disposables.push(watcher);
    }
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(`${extensionName}.mcp`) && this.#soon(), undefined, this.#disposables);
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.reload().catch((error: unknown) => this.#log.error(`The MCP servers could not be read again: ${toErrorInfo(error).message}`));
    }, settleMs);
  }
}
