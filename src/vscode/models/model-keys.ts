import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import { parseProvider, type ProviderConfig } from '../../models/provider.ts';

/** What is known of a stored key: the editor's secret storage cannot be listed in all versions that are supported. */
export interface StoredKey {
  readonly secret: string;
  readonly name: string;
  readonly baseUrl: string;
}

const indexKey = 'modelKeys';

/** The API keys of model providers, in the editor's secret storage only. */
export class ModelKeys {
  readonly #secrets: vscode.SecretStorage;
  readonly #index: vscode.Memento;

  constructor({ secrets, globalState }: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.#secrets = secrets;
    this.#index = globalState;
  }

  async get(provider: ProviderConfig): Promise<string | undefined> {
    return this.#secrets.get(storedKey(provider).secret);
  }

  async set(provider: ProviderConfig, key: string): Promise<void> {
    const stored = storedKey(provider);
    await this.#secrets.store(stored.secret, key);
    await this.#index.update(indexKey, [...this.stored().filter(({ secret }) => secret !== stored.secret), stored]);
  }

  async forget({ secret }: StoredKey): Promise<void> {
    await this.#secrets.delete(secret);
    await this.#index.update(indexKey, this.stored().filter((key) => key.secret !== secret));
  }

  stored(): readonly StoredKey[] {
    return this.#index.get<readonly StoredKey[]>(indexKey, []);
  }

  has(provider: ProviderConfig): boolean {
    const { secret } = storedKey(provider);
    return this.stored().some((key) => key.secret === secret);
  }
}

/** Bound to the address: settings that keep a provider's name but point elsewhere do not get its key. */
function storedKey(provider: ProviderConfig): StoredKey {
  const { kind, name, baseUrl } = parseProvider(provider);
  return { secret: `model-key ${createHash('sha256').update(JSON.stringify([kind, name, baseUrl.href])).digest('hex')}`, name, baseUrl: baseUrl.href };
}
