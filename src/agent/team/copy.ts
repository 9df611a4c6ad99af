import { resolve, sep } from 'node:path';
import type { Action } from '../../policy/action.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Lease } from '../../run/lease.ts';
import { AssassinError, toErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { GitWorktree, newWorktreeFolder, repositoryOf, type CopyChange } from '../../workspace/git-worktree.ts';
import { landChange, type Landing } from '../../workspace/land-change.ts';
import { resolvePath } from '../../workspace/paths.ts';

/** A change as it lies on record: what it was and what it is as blobs of the run that made it. */
export interface RecordedChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** A copy of the workspace for one agent; `undefined` where the workspace is in no git repository. */
export async function copyFor(scope: RunScope, label: string): Promise<Lease<GitWorktree> | undefined> {
  const repository = await repositoryOf(scope.workspace);
  if (repository === undefined) return undefined;
  const path = await newWorktreeFolder();
  return scope.lease({ kind: 'temp-dir', label: `Worktree of ${label}`, identity: { path, repository: repository.root } }, ({ signal }) => GitWorktree.create(repository, path, signal));
}

/** The gate sees a file of the copy where it lies in the workspace: grants and rules hold for it there. The workspace itself is not written to from a copy. */
export function seenFrom(copy: GitWorktree, workspace: string): (action: Action) => Action {
  return (action) => {
    if (action.kind === 'exec') return { ...action, cwd: copy.inRepository(action.cwd) ?? action.cwd };
    if (action.kind !== 'fs.read' && action.kind !== 'fs.write') return action;
    const path = copy.inRepository(action.path);
    if (path !== undefined) return { ...action, path };
    const real = resolve(action.path);
    if (action.kind === 'fs.write' && (real === workspace || real.startsWith(workspace + sep))) {
      throw new AssassinError('denied', `Not allowed: fs.write ${action.path}. This agent works on a copy of the workspace.`, { hint: 'Use paths relative to the workspace.' });
    }
    return action;
  };
}

/** Writes down what was changed in the copy, so that it outlives the copy and this program. */
export async function recordChanges(scope: RunScope, copy: GitWorktree): Promise<readonly RecordedChange[]> {
  const blob = (bytes: Uint8Array) => scope.journal.bytes(bytes, 'application/octet-stream').blob;
  return (await copy.changes()).map(({ path, before, after }) => ({ path, ...(before === undefined ? {} : { before: blob(before) }), ...(after === undefined ? {} : { after: blob(after) }) }));
}

/**
 * Brings recorded changes into the workspace of the run that asked for them, each past its gate and with its before-image kept. Doing it twice changes
 * nothing the second time.
 */
export async function landChanges(scope: RunScope, step: string, changes: readonly RecordedChange[], readBlob: (hash: string) => Promise<Uint8Array>): Promise<readonly (Landing | { readonly path: string; readonly outcome: 'refused'; readonly why: string })[]> {
  const landed = [];
  for (const { path, before, after } of changes) {
    const change: CopyChange = { path, ...(before === undefined ? {} : { before: await readBlob(before) }), ...(after === undefined ? {} : { after: await readBlob(after) }) };
    try {
      const target = await resolvePath(scope.workspace, path);
      await scope.gate.check({ kind: 'fs.write', path: target.path }, step);
      landed.push(await landChange(change, target, { journal: scope.journal, step }));
    } catch (error) {
      scope.signal.throwIfAborted();
      landed.push({ path, outcome: 'refused', why: toErrorInfo(error).message } as const);
    }
  }
  return landed;
}

/** For the one who asked: what came in, and where it did not. Both sides of a conflict are named. */
export function landingJson(landed: Awaited<ReturnType<typeof landChanges>>): Json {
  return {
    changed: landed.flatMap((each) => (each.outcome === 'written' || each.outcome === 'merged' || each.outcome === 'removed' ? [each.path] : [])),
    conflicts: landed.flatMap((each): readonly Json[] => (each.outcome === 'conflict' ? [{ path: each.path, why: each.why, places: each.conflicts.map((place) => ({ ...place })) }] : [])),
    refused: landed.flatMap((each): readonly Json[] => (each.outcome === 'refused' ? [{ path: each.path, why: each.why }] : [])),
  };
}
