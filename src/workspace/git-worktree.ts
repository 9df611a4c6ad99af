import { chmod, cp, lstat, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { git } from '../run/git.ts';
import type { Destruction, Leasable } from '../run/lease.ts';
import { makeTemporaryFolderAt, newTemporaryPath, removeTemporaryFolder } from '../run/temp-dir.ts';
import { forgetWorktree, treeIn, worktreeCommand } from '../run/worktree.ts';
import { AssassinError } from '../shared/errors.ts';
import { readBytes } from './files.ts';

/** A file that was changed in a copy: what it held when the copy was made, and what it holds now; absent where there was or is none. */
export interface CopyChange {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

export interface Repository {
  /** Absolute, symbolic links resolved. */
  readonly root: string;
  /** Where the workspace lies in it, `''` for the root itself. */
  readonly prefix: string;
}

/** More uncommitted files than a person works on at once; probably a folder that should be ignored. */
const maxCarried = 5000;
/** Installed packages are ignored by git, and without them hardly any test runs. They are linked, not copied. */
const linked = 'node_modules';

/** The repository of a folder; `undefined` where there is none, it has no commit yet, or there is no git. */
export async function repositoryOf(workspace: string): Promise<Repository | undefined> {
  try {
    const { output } = await git(['rev-parse', '--show-toplevel'], { cwd: workspace });
    await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: workspace });
    const root = await realpath(output.toString('utf8').trimEnd());
    return { root, prefix: relative(root, await realpath(workspace)).replaceAll(sep, '/') };
  } catch {
    return undefined;
  }
}

/** The path of a worktree's folder, to be on record before it is made. Below the real temporary folder, because grants are matched against real paths. */
export async function newWorktreeFolder(): Promise<string> {
  const path = newTemporaryPath('worktree');
  return join(await realpath(tmpdir()), relative(tmpdir(), path));
}

/** A copy of a repository as the workspace is now, uncommitted changes included, in a git worktree that goes with its lease. */
export class GitWorktree implements Leasable {
  /** The copy of the workspace folder. */
  readonly workspace: string;
  readonly #folder: string;
  readonly #repository: Repository;
  readonly #env: Readonly<Record<string, string>>;
  #base = '';

  private constructor(folder: string, repository: Repository, objects: string) {
    this.#folder = folder;
    this.#repository = repository;
    this.workspace = join(treeIn(folder), repository.prefix);
    // What is written down to find the changes must not stay in the person's repository.
    this.#env = { GIT_OBJECT_DIRECTORY: join(folder, 'objects'), GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
  }

  static async create(repository: Repository, folder: string, signal: AbortSignal): Promise<GitWorktree> {
    const { output } = await git(['rev-parse', '--path-format=absolute', '--git-path', 'objects'], { cwd: repository.root });
    const worktree = new GitWorktree(folder, repository, output.toString('utf8').trimEnd());
    try {
      await makeTemporaryFolderAt(folder);
      await mkdir(join(folder, 'objects'));
      await worktreeCommand(['add', '--detach', '--quiet', treeIn(folder), 'HEAD'], repository.root);
      signal.throwIfAborted();
      await worktree.#carryOver(signal);
      worktree.#base = await worktree.#snapshot();
      return worktree;
    } catch (error) {
      await worktree.destroy();
      throw error;
    }
  }

  /** Where a path of the copy lies in the workspace; `undefined` for a path outside the copy. */
  inRepository(path: string): string | undefined {
    const tree = treeIn(this.#folder);
    if (path !== tree && !path.startsWith(tree + sep)) return undefined;
    return join(this.#repository.root, relative(tree, path));
  }

  /** What was changed in the copy of the workspace since it was made, by path. */
  async changes(): Promise<readonly CopyChange[]> {
    const now = await this.#snapshot();
    const scope = this.#repository.prefix === '' ? [] : ['--', this.#repository.prefix];
    const { output } = await this.#git(['diff-tree', '-r', '-z', '--raw', '--no-renames', this.#base, now, ...scope]);
    const fields = output.toString('utf8').split('\0');
    const changes: CopyChange[] = [];
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const [, oldMode = '', newMode = ''] = /^:(\d+) (\d+) /.exec(fields[i]!) ?? [];
      const path = fields[i + 1]!;
      const shown = this.#repository.prefix === '' ? path : path.slice(this.#repository.prefix.length + 1);
      // Links and submodules lead elsewhere: they are made by hand or not at all.
      if ([oldMode, newMode].some((mode) => mode === '120000' || mode === '160000')) continue;
      changes.push({
        path: shown,
        ...(/^0+$/.test(oldMode) ? {} : { before: (await this.#git(['cat-file', '--filters', `${this.#base}:${path}`])).output }),
        ...(/^0+$/.test(newMode) ? {} : { after: await readBytes({ path: join(treeIn(this.#folder), path), shown }, Number.MAX_SAFE_INTEGER) }),
      });
    }
    return changes;
  }

  async destroy(): Promise<Destruction> {
    const removed = await removeTemporaryFolder(this.#folder);
    const forgotten = await forgetWorktree(this.#repository.root, this.#folder);
    return { verified: removed && forgotten, how: `${this.#folder} ${removed ? 'removed' : 'could not be removed'}; the repository ${forgotten ? 'does not know it' : 'still lists it'}` };
  }

  /** What the person has not committed is part of what they see, and so of what an agent must see. */
  async #carryOver(signal: AbortSignal): Promise<void> {
    const { root, prefix } = this.#repository;
    const tree = treeIn(this.#folder);
    const list = async (args: readonly string[]) => (await git(args, { cwd: root })).output.toString('utf8').split('\0').filter((path) => path !== '');
    const paths = [...await list(['diff', '--name-only', '--no-renames', '-z', 'HEAD']), ...await list(['ls-files', '--others', '--exclude-standard', '-z'])];
    if (paths.length > maxCarried) throw new AssassinError('not-supported', `The repository has ${paths.length} uncommitted files, more than the ${maxCarried} that are copied for an agent.`, { hint: 'Commit them, or ignore folders that are made by programs.' });
    for (const path of paths) {
      signal.throwIfAborted();
      const from = join(root, path);
      const to = join(tree, path);
      const found = await lstat(from).catch(() => undefined);
      await rm(to, { force: true, recursive: true });
      if (found === undefined || !(found.isFile() || found.isSymbolicLink())) continue;
      await mkdir(dirname(to), { recursive: true });
      await cp(from, to, { verbatimSymlinks: true });
      if (found.isFile()) await chmod(to, found.mode & 0o777);
    }
    for (const folder of new Set(['', prefix])) {
      const packages = join(root, folder, linked);
      const place = join(tree, folder, linked);
      if ((await lstat(packages).catch(() => undefined))?.isDirectory() && (await lstat(place).catch(() => undefined)) === undefined) await symlink(packages, place, 'junction');
    }
  }

  async #snapshot(): Promise<string> {
    await this.#git(['add', '--all', '--', '.', `:(exclude,glob)**/${linked}`, `:(exclude)${linked}`]);
    return (await this.#git(['write-tree'])).output.toString('utf8').trim();
  }

  #git(args: readonly string[]): ReturnType<typeof git> {
    return git(args, { cwd: treeIn(this.#folder), env: this.#env });
  }
}
