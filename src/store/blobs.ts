import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import { replaceFile } from './replace-file.ts';

/** Content-addressed files beside the database: equal contents are stored once, and a name is proof of its content. */
export class BlobFolder {
  readonly #root: string;

  constructor(directory: string) {
    this.#root = join(directory, 'blobs');
  }

  /** Writes the bytes and returns their SHA-256 in hex. Atomic: a reader never sees half a blob. */
  put(bytes: Uint8Array): string {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const file = this.#file(hash);
    if (existsSync(file)) return hash;
    try {
      mkdirSync(join(this.#root, hash.slice(0, 2)), { recursive: true, mode: 0o700 });
      replaceFile(file, bytes);
    } catch (cause) {
      throw new AssassinError('store-unwritable', `A result could not be stored in ${this.#root}.`, { hint: 'Check the free space and the permissions of that folder.', cause, data: { reason: isNoSpace(cause) ? 'disk-full' : 'not-writable' } });
    }
    return hash;
  }

  /** Reads `length` bytes from `offset`; fewer at the end. */
  async read(hash: string, offset = 0, length = Number.MAX_SAFE_INTEGER): Promise<Uint8Array> {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new AssassinError('invalid-input', 'That is not the name of a blob.');
    let file;
    try {
      file = await open(this.#file(hash), 'r');
    } catch (cause) {
      throw new AssassinError('file-not-found', `The blob ${hash.slice(0, 12)} is no longer stored.`, { hint: 'It went with its run; run the chain again.', cause });
    }
    try {
      const { size } = await file.stat();
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      await file.read(buffer, 0, buffer.length, offset);
      return buffer;
    } finally {
      await file.close();
    }
  }

  remove(hash: string): void {
    rmSync(this.#file(hash), { force: true });
  }

  #file(hash: string): string {
    return join(this.#root, hash.slice(0, 2), hash);
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
