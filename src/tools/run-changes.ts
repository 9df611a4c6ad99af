import type { RunHandle, RunManager } from '../run/run-manager.ts';
import type { Rule } from '../policy/authorize.ts';
import { AssassinError } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunStore } from '../store/run-store.ts';
import { readBytes } from '../workspace/files.ts';
import { resolvePath } from '../workspace/paths.ts';
import { reviewFile, type ReviewedFile } from '../workspace/review/file-review.ts';
import { ownChange, writesOf } from '../workspace/review/own-change.ts';
import { startUndo, type UndoPart } from './undo-run.ts';

export interface RunChangesOptions {
  readonly runs: RunManager;
  readonly store: RunStore;
  readonly workspace: string;
  readonly rules: readonly Rule[];
  readonly events: (run: string) => readonly JournalEvent[];
}

/** What runs have changed in the workspace: to be looked at, and put back as a whole, by file, or change by change. */
export class RunChanges {
  readonly #options: RunChangesOptions;

  constructor(options: RunChangesOptions) {
    this.#options = options;
  }

  /** Every file that the run has written, against what it holds now. Throws `run-not-found`, and `invalid-input` for a run of another workspace. */
  review(run: string): Promise<readonly ReviewedFile[]> {
    const { store, workspace, events } = this.#options;
    const home = store.run(run).workspace;
    if (home !== workspace) throw new AssassinError('invalid-input', `The run ${run} was in another workspace: ${home}`, { hint: 'Give --workspace with that folder.' });
    return Promise.all([...writesOf(events(run))].map(async ([path, writes]) => {
      const change = await ownChange(path, writes, (hash) => store.blobs.read(hash));
      return reviewFile(change, await contentNow(workspace, path));
    }));
  }

  /**
   * Starts putting back what a run has changed, or only `part` of it. Throws `run-not-found`, and `invalid-input` for runs that go on or were elsewhere.
   */
  undo(run: string, { force = false, part }: { readonly force?: boolean; readonly part?: readonly UndoPart[] } = {}): RunHandle {
    const { runs, store, workspace, rules, events } = this.#options;
    return startUndo({ runs, store, workspace, rules, run, paths: [...writesOf(events(run)).keys()], review: () => this.review(run), force, ...(part === undefined ? {} : { part }) });
  }
}

async function contentNow(workspace: string, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(await resolvePath(workspace, path), Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (AssassinError.isInstance(error) && error.code === 'file-not-found') return undefined;
    throw error;
  }
}
