import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Destruction, Leasable } from '../../run/lease.ts';
import { removeTemporaryFolder } from '../../run/temp-dir.ts';

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Where the files of a bundle lie: other contents lie elsewhere, so that a server that runs keeps what it was started with. */
export function bundleFolder(root: string, { name, version }: { readonly name: string; readonly version: string }, sha256: string): string {
  const plain = (text: string) => text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '').slice(0, 60) || 'bundle';
  return join(root, `${plain(name)}-${plain(version)}-${sha256.slice(0, 12)}`);
}

/** The folder in which a bundle is unpacked. Gone with the run, unless it was moved to its place. */
export class BundleStaging implements Leasable {
  readonly path: string;

  static async make(path: string): Promise<BundleStaging> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return new BundleStaging(path);
  }

  private constructor(path: string) {
    this.path = path;
  }

  /** To its place, where the same bundle may lie already. */
  async moveTo(folder: string): Promise<void> {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    // The same contents by name; what somebody has changed in them since is not what was agreed to now.
    if (existsSync(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    await rename(this.path, folder);
  }

  async destroy(): Promise<Destruction> {
    const gone = await removeTemporaryFolder(this.path);
    return { verified: gone, how: gone ? `${this.path} does not exist` : `${this.path} could not be removed` };
  }
}
