import nodePath, { type PlatformPath } from 'node:path';
import type { Action } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';
import { foldPath, spellingProblem } from './path-spelling.ts';

export interface PathPattern {
  readonly kind: 'fs.read' | 'fs.write' | 'node';
  /** Absolute, without stars. */
  readonly root: string;
  readonly foldedRoot: string;
  readonly depth: 'exact' | 'one' | 'any';
  readonly sep: string;
}

/** Paths relative to `workspace` or absolute, as they are written and not through links; at the end `*` for the names in one folder, `**` for any depth. */
export function parsePathPattern(kind: PathPattern['kind'], pattern: string, { text, workspace, path }: { readonly text: string; readonly workspace: string; readonly path: PlatformPath }): PathPattern {
  const depth = /(^|[\\/])\*\*$/.test(pattern) ? 'any' : /(^|[\\/])\*$/.test(pattern) ? 'one' : 'exact';
  // The separator before the stars goes too, unless it is the root of the file system.
  const base = pattern.replace(/^([a-z]:)?[\\/]\*{1,2}$/i, '$1/').replace(/(^|[\\/])\*{1,2}$/, '');
  if (base.includes('*')) throw invalidGrant(`"${text}" has a * in the middle of a path.`, 'Put * or ** at the end, as in "fs.read src/**".');
  // Nothing expands these here: as names of files in the workspace they would silently cover, or forbid, nothing that was meant.
  if (/^~|^!|^\$|\$\{/.test(base)) throw invalidGrant(`"${text}" begins like something that a shell expands.`, 'Write the path itself, relative to the workspace or absolute.');
  const problem = base === '' ? undefined : spellingProblem(base, path === nodePath.win32 ? 'win32' : 'linux');
  if (problem !== undefined) throw invalidGrant(`"${text}" is not a path grant: ${problem}.`, 'Write it as in "fs.read src/**".');
  const root = path.resolve(workspace, base).replace(/^[a-z]:/, (drive) => drive.toUpperCase());
  return { kind, root, foldedRoot: foldPath(root), depth, sep: path.sep };
}

export function pathMatches({ kind, root, depth, sep }: PathPattern, action: Action): boolean {
  return action.kind === kind && within(action.path, root, depth, sep);
}

/** The path that was folded last: one action is held against many rules in a row. */
let last = { path: '', folded: '' };

/** As a rule that denies or asks: other letter case and Unicode form too, because there may be no file yet by whose name they could be told apart. */
export function pathForbids(pattern: PathPattern, action: Action): boolean {
  if (action.kind !== pattern.kind) return false;
  if (last.path !== action.path) last = { path: action.path, folded: foldPath(action.path) };
  return within(last.folded, pattern.foldedRoot, pattern.depth, pattern.sep);
}

/** Whether `outer` allows whatever `inner` does. Protected paths are another matter, see `protected-paths.ts`. */
export function pathCovers(outer: PathPattern, inner: PathPattern): boolean {
  if (outer.kind !== inner.kind) return false;
  switch (outer.depth) {
    case 'any':
      return within(inner.root, outer.root, 'any', outer.sep);
    case 'one':
      return inner.depth === 'exact' ? within(inner.root, outer.root, 'one', outer.sep) : inner.depth === 'one' && inner.root === outer.root;
    case 'exact':
      return inner.depth === 'exact' && inner.root === outer.root;
  }
}

function within(path: string, root: string, depth: PathPattern['depth'], sep: string): boolean {
  if (depth === 'exact' || !path.startsWith(root)) return path === root;
  const start = root.endsWith(sep) ? root.length : root.length + sep.length;
  if (path.length < start || !path.startsWith(sep, start - sep.length)) return depth === 'any' && path === root;
  return depth === 'any' || (path.length > start && !path.includes(sep, start));
}
