import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';

/** Where the files of a worktree lie in the folder that is leased for it. */
export function treeIn(folder: string): string {
  return join(folder, 'tree');
}

/**
 * Makes a repository forget the one worktree that lies in `folder`, and looks whether it has. Others are left alone, also those whose folder cannot be
 * seen at the moment: a general prune would drop a worktree on a disk that is not plugged in.
 */
export async function forgetWorktree(repository: string, folder: string): Promise<boolean> {
  if (!existsSync(repository)) return true;
  try {
    if (await isKnown(repository, folder)) await git(['worktree', 'remove', '--force', '--force', treeIn(folder)], { cwd: repository });
    return !(await isKnown(repository, folder));
  } catch {
    return false;
  }
}

async function isKnown(repository: string, folder: string): Promise<boolean> {
  const { output } = await git(['worktree', 'list', '--porcelain'], { cwd: repository });
  return output.toString('utf8').split('\n').includes(`worktree ${treeIn(folder).replaceAll('\\', '/')}`);
}
