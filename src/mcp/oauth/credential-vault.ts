/** Where sign-ins are kept: the secret storage of the editor, or a file that only its owner can read. Keys are no secrets. */
export interface CredentialVault {
  read(key: string): Promise<string | undefined>;
  write(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Forgets everything with the program. */
export class MemoryVault implements CredentialVault {
  readonly #values = new Map<string, string>();

  read(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(key));
  }

  write(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#values.delete(key);
    return Promise.resolve();
  }
}
