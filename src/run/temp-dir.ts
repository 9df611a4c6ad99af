import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { AssassinError } from '../shared/errors.ts';

/** Every folder that a run makes outside its workspace bears this prefix, so that the sweep never removes anything else. */
export const temporaryPrefix = 'ia-';

/** A path under which no folder of ours exists yet, so that it can be on record before the folder is made (mode 0700, without `recursive`: somebody else's folder then fails). */
export function newTemporaryPath(name: string): string {
  return join(tmpdir(), `${temporaryPrefix}${name}-${randomBytes(6).toString('base64url').replaceAll(/[-_]/g, '0')}`);
}

export async function makeTemporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${temporaryPrefix}${name}-`));
}

/** Removes a folder of ours. Chromium and Windows may hold files for a moment after their process ended: hence the retries. */
export async function removeTemporaryFolder(path: string): Promise<boolean> {
  // The temporary folder of the system may have been another one when it was made: only the name tells.
  if (!isAbsolute(path) || !basename(path).startsWith(temporaryPrefix)) {
    throw new AssassinError('internal', `${path} is not a temporary folder of this product and is left alone.`);
  }
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => undefined);
  return !existsSync(path);
}
