import { denyAll } from '../policy/approver.ts';
import type { Rule } from '../policy/authorize.ts';
import { parseGrant } from '../policy/grant.ts';
import type { RunHandle, RunManager } from '../run/run-manager.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { isTerminal } from '../shared/run-state.ts';
import type { RunStore } from '../store/run-store.ts';
import type { JournalEvent } from '../shared/events.ts';
import { resolvePath } from '../workspace/paths.ts';
import { changesOf, undoChange, type UndoFile } from '../workspace/undo.ts';

export interface UndoRunOptions {
  readonly runs: RunManager;
  readonly store: RunStore;
  readonly workspace: string;
  readonly rules: readonly Rule[];
  /** The run to undo, and its journal. */
  readonly run: string;
  readonly events: readonly JournalEvent[];
  readonly force: boolean;
}

/**
 * Puts the files that a run has written back as they were, as a run of its own: on record, and itself undoable. Files that somebody has edited since
 * are left alone and listed as conflicts, unless `force` is set. What programs and MCP servers wrote is not on record and stays.
 */
export function startUndo({ runs, store, workspace, rules, run, events, force }: UndoRunOptions): RunHandle {
  const { state, title, workspace: home } = store.run(run);
  if (!isTerminal(state)) throw new AssassinError('invalid-input', `The run ${run} is still ${state}.`, { hint: 'Stop it first.' });
  if (home !== workspace) throw new AssassinError('invalid-input', `The run ${run} was in another workspace: ${home}`, { hint: 'Give --workspace with that folder.' });
  const changes = changesOf(events);
  // A person who undoes a run has named exactly these files; no other is touched, and a rule may still deny one.
  const grants = changes.flatMap(({ path }) => [parseGrant(`fs.write ${path}`, workspace), parseGrant(`fs.read ${path}`, workspace)]);
  return runs.start({ kind: 'function', title: `Undo ${title}`, source: `undo ${run}`, workspace, input: { run, force }, grants, rules, approver: denyAll }, (scope) =>
    scope.step({ kind: 'workspace', name: 'Undo' }, async (step) => {
      const files: UndoFile[] = [];
      for (const change of changes) {
        const target = await resolvePath(workspace, change.path);
        await scope.gate.check({ kind: 'fs.write', path: target.path }, step);
        files.push(await undoChange(change, target, { journal: scope.journal, blob: (hash) => store.blobs.read(hash), force, step }));
      }
      return { files: files.map((file): Json => ({ ...file })), conflicts: files.filter(({ outcome }) => outcome === 'conflict').map(({ path }) => path) };
    }));
}
