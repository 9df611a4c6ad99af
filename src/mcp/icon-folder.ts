import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../store/replace-file.ts';

/** Icons that were fetched, by the address at which they lay. A list that shows them asks nobody. */
export class IconFolder {
  readonly #folder: string;
  readonly #known = new Map<string, string | undefined>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The picture as a data address, as it was checked before it was kept. */
  get(url: string): string | undefined {
    if (!this.#known.has(url)) this.#known.set(url, this.#read(url));
    return this.#known.get(url);
  }

  put(url: string, picture: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    replaceFile(this.#file(url), picture);
    this.#known.set(url, picture);
  }

  #read(url: string): string | undefined {
    try {
      return readFileSync(this.#file(url), 'utf8');
    } catch {
      return undefined;
    }
  }

  #file(url: string): string {
    return join(this.#folder, createHash('sha256').update(url).digest('hex'));
  }
}
