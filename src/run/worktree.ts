import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import { git, type GitAnswer } from './git.ts';

/** What git says of the entry of another worktree that has its files, and not yet what is to stand in them. */
const halfMade = /failed to read .*worktrees/;
/** An entry is whole within milliseconds; one that stays broken was left by a git that was killed. */
const attempts = 40;
const pauseMs = 50;

/**
 * Runs `git worktree ...`. For each of them git reads the entries of all worktrees, and fails on one that another git is just making: agents that begin
 * at the same moment would stop each other. It leaves nothing when it fails so, and is asked again.
 */
export async function worktreeCommand(args: readonly string[], repository: string): Promise<GitAnswer> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await git(['worktree', ...args], { cwd: repository });
    } catch (error) {
      if (left <= 1 || !AssassinError.isInstance(error) || !halfMade.test(error.message)) throw error;
      await sleep(pauseMs);
    }
  }
}

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
    if (await isKnown(repository, folder)) await worktreeCommand(['remove', '--force', '--force', treeIn(folder)], repository);
    return !(await isKnown(repository, folder));
  } catch {
    return false;
  }
}

async function isKnown(repository: string, folder: string): Promise<boolean> {
  const { output } = await worktreeCommand(['list', '--porcelain'], repository);
  return output.toString('utf8').split('\n').includes(`worktree ${treeIn(folder).replaceAll('\\', '/')}`);
}
