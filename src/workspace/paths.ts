import { lstatSync, realpathSync } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { networkShare, spellingProblem } from '../policy/path-spelling.ts';
import { AssassinError } from '../shared/errors.ts';
import { quickDisk } from './quick-disk.ts';

/** A path as it would really be used: what the gate decides on, and the only spelling that is opened afterwards. */
export interface ResolvedPath {
  /** Absolute, every symbolic link followed, in the letter case that the file system keeps. */
  readonly path: string;
  /** For people: relative to the workspace with forward slashes where it lies inside, else absolute. */
  readonly shown: string;
  /** True only if `path` lies in the real workspace folder. */
  readonly inside: boolean;
}

/** More links than any honest path has; the kernel's own limit is 40. */
const maxLinks = 40;

/**
 * Resolves a path that a chain or a person wrote, relative to `workspace` or absolute. A file that does not exist yet is resolved through its nearest
 * existing folder, and a link that points to nothing through its target: creating the file would create it there.
 * Throws `invalid-input` for text that is no path on this system.
 */
export async function resolvePath(workspace: string, path: string): Promise<ResolvedPath> {
  checkSpelling(workspace, path);
  const [real, root] = await Promise.all([realLocation(resolve(workspace, path), maxLinks), realRoot(workspace)]);
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  return { path: real, shown: inside ? shownRelative(root, real) : real, inside };
}

/** Where workspaces were found to lead, with when that was, in milliseconds. */
const roots = new Map<string, { readonly at: number; readonly real: string }>();
const rootAgeMs = 1000;
const maxRoots = 100;

/**
 * Where a workspace leads. A task resolves thousands of paths against the same one, so it is not looked up each time. One that has just become a link lets no path
 * seem to lie inside that does not: each path is followed to its end by itself.
 */
async function realRoot(workspace: string): Promise<string> {
  const now = performance.now();
  const known = roots.get(workspace);
  if (known !== undefined && now - known.at < rootAgeMs) return known.real;
  const real = await realPath(workspace);
  if (roots.size >= maxRoots) roots.clear();
  roots.set(workspace, { at: now, real });
  return real;
}

/** Where a path leads: every link followed, in the letter case that the file system keeps. Rejects with what Node says. */
export function realPath(path: string): Promise<string> {
  return quickDisk.do(() => realpathSync.native(path), () => realpath(path));
}

/** The path of a file inside the workspace with forward slashes, `.` for the workspace itself. Both must be real paths. */
export function shownRelative(root: string, real: string): string {
  return relative(root, real).replaceAll(sep, '/') || '.';
}

function checkSpelling(workspace: string, path: string): void {
  const problem = spellingProblem(path) ?? shareProblem(workspace, path);
  if (problem === undefined) return;
  throw new AssassinError('invalid-input', `${JSON.stringify(path)} is not a path: ${problem}.`, { hint: 'Write a path relative to the workspace, for example "reports/prices.json".' });
}

/** Looking at another server's share hands it the person's credentials, before anybody could have decided on it. */
function shareProblem(workspace: string, path: string): string | undefined {
  const share = networkShare(resolve(workspace, path));
  return share !== undefined && share !== networkShare(workspace) ? 'it leads to another computer' : undefined;
}

async function realLocation(path: string, links: number): Promise<string> {
  try {
    return await realPath(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ELOOP' || links === 0) throw new AssassinError('invalid-input', `${path} leads through symbolic links that never end.`, { hint: 'Repair the links, or use another path.', cause });
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new AssassinError('tool-failed', `${path} cannot be resolved: ${(cause as Error).message}`, { cause });
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const link = await isLink(path);
  if (link) return realLocation(resolve(await realLocation(parent, links), await readlink(path)), links - 1);
  return join(await realLocation(parent, links), basename(path));
}

/** False for what is not there. */
async function isLink(path: string): Promise<boolean> {
  const stat = await quickDisk.do(() => lstatSync(path, { throwIfNoEntry: false }), () => lstat(path)).catch(() => undefined);
  return stat?.isSymbolicLink() === true;
}
