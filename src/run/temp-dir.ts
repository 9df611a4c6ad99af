import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { AssassinError, describeError } from '../shared/errors.ts';

/** Every folder that a run makes outside its workspace bears this prefix, so that the sweep never removes anything else. */
export const temporaryPrefix = 'ia-';

/** A path under which no folder of ours exists yet, so that it can be on record before `makeTemporaryFolderAt` makes the folder. */
export function newTemporaryPath(name: string): string {
  return join(tmpdir(), `${temporaryPrefix}${name}-${randomBytes(6).toString('base64url').replaceAll(/[-_]/g, '0')}`);
}

/** Throws `invalid-config` where the system's temporary folder cannot be written to. */
export async function makeTemporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${temporaryPrefix}${name}-`)).catch(unwritable);
}

/** Makes the folder of a path from `newTemporaryPath`, for its owner alone; one that exists fails, because it is somebody else's. Throws `invalid-config` as above. */
export async function makeTemporaryFolderAt(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch(unwritable);
}

/** What a folder says in which nothing can be made; anything else is no matter of where it lies. */
const unwritableCodes: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ENOSPC', 'EDQUOT']);

function unwritable(cause: NodeJS.ErrnoException): never {
  if (!unwritableCodes.has(cause.code)) throw cause;
  const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
  throw new AssassinError('invalid-config', `The temporary folder ${tmpdir()} cannot be written to: ${describeError(cause)}.`, { hint: `Set ${variable} to a folder that you can write to and that has room.`, cause });
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
