import type * as vscode from 'vscode';
import type { CredentialVault } from '../mcp/oauth/credential-vault.ts';

const storageKey = (key: string): string => `mcp-sign-in ${key}`;

/** Sign-ins at MCP servers, in the editor's secret storage only. */
export class SecretStorageVault implements CredentialVault {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async read(key: string): Promise<string | undefined> {
    return await this.#secrets.get(storageKey(key));
  }

  async write(key: string, value: string): Promise<void> {
    await this.#secrets.store(storageKey(key), value);
  }

  async remove(key: string): Promise<void> {
    await this.#secrets.delete(storageKey(key));
  }
}
