import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { McpInput, McpServerConfig } from '../mcp/mcp-config.ts';
import type { Services } from './services.ts';

/** Names of the stored secrets: the editor's secret storage cannot be listed in all versions that are supported. */
const indexKey = 'mcpInputs';

export interface McpInputsOptions {
  readonly secrets: vscode.SecretStorage;
  readonly index: vscode.Memento;
  readonly server: (name: string) => McpServerConfig | undefined;
}

/** Asks for the `${input:id}` values of MCP servers. A secret one is asked once and kept in the editor's secret storage. */
export class McpInputs {
  readonly #options: McpInputsOptions;

  constructor(options: McpInputsOptions) {
    this.#options = options;
  }

  /** The value, or `undefined` where the person gave none. */
  async value(input: McpInput, server: string): Promise<string | undefined> {
    const config = this.#options.server(server);
    const key = input.password && config ? secretKey(config, input.id) : undefined;
    const stored = key === undefined ? undefined : await this.#options.secrets.get(key);
    if (stored !== undefined) return stored;
    const value = await ask(input, server);
    if (value !== undefined && key !== undefined) await this.#keep(key, value);
    return value;
  }

  /** Keeps a value that is known already, so that nobody is asked for it. Nothing is kept for a server or an input that is not configured. */
  async remember(server: string, id: string, value: string): Promise<void> {
    const config = this.#options.server(server);
    if (config?.inputs.some((input) => input.id === id && input.password)) await this.#keep(secretKey(config, id), value);
  }

  /**
   * Keeps a value for a server as it is about to be configured, and along with it what is stored for it as it is configured now: the entry changes by no more than
   * what the person has agreed to.
   */
  async keepFor(after: McpServerConfig, id: string, value: string, before: McpServerConfig | undefined): Promise<void> {
    for (const input of before?.inputs ?? []) {
      const stored = before && (await this.#options.secrets.get(secretKey(before, input.id)));
      if (stored !== undefined) await this.#keep(secretKey(after, input.id), stored);
    }
    await this.#keep(secretKey(after, id), value);
  }

  /** Forgets what is stored for one server, or for all. Gives how many values went. */
  async forget(server?: string): Promise<number> {
    const config = server === undefined ? undefined : this.#options.server(server);
    const keys = this.#stored().filter((key) => server === undefined || (config !== undefined && config.inputs.some(({ id }) => secretKey(config, id) === key)));
    for (const key of keys) await this.#options.secrets.delete(key);
    await this.#options.index.update(indexKey, this.#stored().filter((key) => !keys.includes(key)));
    return keys.length;
  }

  /** Whether something is stored for a server. */
  remembers(server: string): boolean {
    const config = this.#options.server(server);
    return config !== undefined && config.inputs.some(({ id }) => this.#stored().includes(secretKey(config, id)));
  }

  async #keep(key: string, value: string): Promise<void> {
    await this.#options.secrets.store(key, value);
    await this.#options.index.update(indexKey, [...new Set([...this.#stored(), key])]);
  }

  #stored(): readonly string[] {
    return this.#options.index.get<readonly string[]>(indexKey, []);
  }
}

/** It has no state of its own: what it knows lies in the editor's storage. */
export function mcpInputsOf({ context, mcpServers }: Pick<Services, 'context' | 'mcpServers'>): McpInputs {
  return new McpInputs({ secrets: context.secrets, index: context.globalState, server: (name) => mcpServers.find(name) });
}

/** Bound to the whole command: a file that keeps a server's name but starts something else does not get the secret, the person is asked again. */
function secretKey({ name, provenance, transport }: McpServerConfig, id: string): string {
  return `mcp-input ${createHash('sha256').update(JSON.stringify([name, provenance.file, transport, id])).digest('hex')}`;
}

async function ask({ id, type, description, password, options, default: fallback }: McpInput, server: string): Promise<string | undefined> {
  const title = vscode.l10n.t('MCP server {0}', server);
  const prompt = description ?? vscode.l10n.t('Value of "{0}"', id);
  switch (type) {
    case 'pickString':
      return vscode.window.showQuickPick([...(options ?? [])], { title, placeHolder: prompt, ignoreFocusOut: true });
    case 'promptString':
      return vscode.window.showInputBox({
        title, password, ignoreFocusOut: true, ...(fallback === undefined ? {} : { value: fallback }),
        prompt: password ? vscode.l10n.t('{0} (kept in the secret storage of the editor)', prompt) : prompt,
      });
    case 'command':
      // A configuration file must not choose which command of the editor runs.
      return undefined;
  }
}
