import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Content and kind of each file by its path; the inside of `.git` is the version control's own. */
export type FolderState = ReadonlyMap<string, string>;

export function folderState(folder: string): FolderState {
  const state = new Map<string, string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((each) => each.replaceAll('\\', '/'))) {
    if (path === '.git' || path.startsWith('.git/')) continue;
    const file = join(folder, path);
    const found = lstatSync(file);
    if (found.isDirectory()) continue;
    state.set(path, found.isSymbolicLink() ? `link to ${readlinkSync(file)}` : `${createHash('sha256').update(readFileSync(file)).digest('hex')} ${found.mode & 0o111 ? 'executable' : 'plain'}`);
  }
  return state;
}

/** Paths that are there in one only, or differ. */
export function differences(before: FolderState, after: FolderState): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();
}
