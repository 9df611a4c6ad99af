import { denyAll } from '../policy/approver.ts';
import type { Rule } from '../policy/authorize.ts';
import { parseGrant } from '../policy/grant.ts';
import type { RunHandle, RunManager } from '../run/run-manager.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { isTerminal } from '../shared/run-state.ts';
import type { RunStore } from '../store/run-store.ts';
import { resolvePath } from '../workspace/paths.ts';
import type { ReviewedFile } from '../workspace/review/file-review.ts';
import { undoFile, type UndoFile } from '../workspace/undo.ts';

/** A file of the run, and which of its changes; all where none are named. */
export interface UndoPart {
  readonly path: string;
  readonly hunks?: readonly number[];
}

export interface UndoRunOptions {
  readonly runs: RunManager;
  readonly store: RunStore;
  readonly workspace: string;
  readonly rules: readonly Rule[];
  /** The run to undo, and the files that it has written. */
  readonly run: string;
  readonly paths: readonly string[];
  readonly review: () => Promise<readonly ReviewedFile[]>;
  readonly force: boolean;
  /** The whole run where absent. */
  readonly part?: readonly UndoPart[];
}

/**
 * Puts what a run has changed back as it was, as a run of its own: on record, and itself undoable. What somebody has edited since is kept; files in which
 * that are the same lines are left alone and listed as conflicts, unless `force` is set. What programs and MCP servers wrote is not on record and stays.
 */
export function startUndo({ runs, store, workspace, rules, run, paths, review, force, part }: UndoRunOptions): RunHandle {
  const { state, title, workspace: home } = store.run(run);
  if (!isTerminal(state)) throw new AssassinError('invalid-input', `The run ${run} is still ${state}.`, { hint: 'Stop it first.' });
  if (home !== workspace) throw new AssassinError('invalid-input', `The run ${run} was in another workspace: ${home}`, { hint: 'Give --workspace with that folder.' });
  const unknown = part?.find(({ path }) => !paths.includes(path));
  if (unknown) throw new AssassinError('invalid-input', `The run ${run} has not changed ${unknown.path}.`, { hint: paths.length === 0 ? 'It has changed no file.' : `It has changed ${paths.slice(0, 10).join(', ')}.` });
  const parts: readonly UndoPart[] = part ?? paths.map((path) => ({ path }));
  // A person who undoes a run has named exactly these files; no other is touched, and a rule may still deny one.
  const grants = parts.flatMap(({ path }) => [parseGrant(`fs.write ${path}`, workspace), parseGrant(`fs.read ${path}`, workspace)]);
  const input: Json = { run, force, ...(part === undefined ? {} : { part: part.map(({ path, hunks }) => ({ path, ...(hunks === undefined ? {} : { hunks: [...hunks] }) })) }) };
  return runs.start({ kind: 'function', title: part === undefined ? `Undo ${title}` : `Put back a part of ${title}`, source: `undo ${run}`, workspace, input, grants, rules, approver: denyAll }, (scope) =>
    scope.step({ kind: 'edit', name: 'Undo' }, async (step) => {
      const files: UndoFile[] = [];
      const reviewed = new Map((await review()).map((file) => [file.path, file]));
      for (const { path, hunks } of parts) {
        const target = await resolvePath(workspace, path);
        await scope.gate.check({ kind: 'fs.write', path: target.path }, step);
        const file = reviewed.get(path);
        if (file) files.push(await undoFile(file, target, { journal: scope.journal, force, step, ...(hunks === undefined ? {} : { hunks }) }));
      }
      return { files: files.map((file): Json => ({ ...file })), conflicts: files.filter(({ outcome }) => outcome === 'conflict').map(({ path }) => path) };
    }));
}
