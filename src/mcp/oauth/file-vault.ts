import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import type { CredentialVault } from './credential-vault.ts';
import { exclusively } from './exclusively.ts';

const schema = z.record(z.string(), z.string());

/** Sign-ins of the command line: one file, readable for nobody but its owner. Where the disk is not encrypted it is as safe as the disk. */
export class FileVault implements CredentialVault {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(key: string): Promise<string | undefined> {
    return (await this.#all())[key];
  }

  write(key: string, value: string): Promise<void> {
    return this.#change((all) => ({ ...all, [key]: value }));
  }

  remove(key: string): Promise<void> {
    return this.#change(({ [key]: _gone, ...rest }) => rest);
  }

  /** Throws `store-corrupt` for a file that is none of ours: writing would lose what is in it. */
  async #all(): Promise<Readonly<Record<string, string>>> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw new AssassinError('store-unwritable', `The sign-ins in ${this.#path} could not be read.`, { hint: 'Check that the file is yours.', cause: error });
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      // Not as a cause: what could not be read may quote a token.
      throw new AssassinError('store-corrupt', `${this.#path} holds no sign-ins.`, { hint: 'Remove it, and sign in again.' });
    }
  }

  /** Another program may write at the same time: each changes what the other has left. */
  #change(change: (all: Readonly<Record<string, string>>) => Readonly<Record<string, string>>): Promise<void> {
    return exclusively(`${this.#path}.lock`, async () => {
      const draft = `${this.#path}.${process.pid}.tmp`;
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(draft, 'w', 0o600);
      try {
        // A draft that somebody else has left keeps its own mode.
        await chmod(draft, 0o600);
        await file.writeFile(JSON.stringify(change(await this.#all())));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#path);
    });
  }
}
