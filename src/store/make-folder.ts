import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, for its owner alone where no other mode is given, with all above it that are missing. Node's own way to do so never ends, and takes all memory, where a file
 * system says of a folder that it does not allow that the one above is missing, as /proc does. Throws what the system says.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
