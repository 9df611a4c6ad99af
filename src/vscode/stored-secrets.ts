import type * as vscode from 'vscode';

/** Names of what is stored: the editor's secret storage cannot be listed in all versions that are supported. */
const indexKey = 'secrets';

const storageKey = (name: string): string => `secret ${name}`;

/** What `${secret:NAME}` stands for, in the editor's secret storage only. */
export class StoredSecrets {
  readonly #secrets: vscode.SecretStorage;
  readonly #index: vscode.Memento;

  constructor({ secrets, globalState }: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.#secrets = secrets;
    this.#index = globalState;
  }

  names(): readonly string[] {
    return this.#index.get<readonly string[]>(indexKey, []);
  }

  value(name: string): Promise<string | undefined> {
    return Promise.resolve(this.#secrets.get(storageKey(name)));
  }

  async store(name: string, value: string): Promise<void> {
    await this.#secrets.store(storageKey(name), value);
    await this.#index.update(indexKey, [...new Set([...this.names(), name])]);
  }

  async forget(name: string): Promise<void> {
    await this.#secrets.delete(storageKey(name));
    await this.#index.update(indexKey, this.names().filter((other) => other !== name));
  }
}
