import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';
import { hashOfBytes, writeWithCheckpoint } from './checkpoint.ts';
import { readBytes, removeFile } from './files.ts';
import type { CopyChange } from './git-worktree.ts';
import { mergeTexts, type MergeConflict } from './merge-texts.ts';
import type { ResolvedPath } from './paths.ts';
import { decodeAny, encodeWhole } from './text-encoding.ts';

export type Landing =
  /** `merged`: the file had been changed meanwhile, elsewhere than in the copy. `unchanged`: it holds this already. */
  | { readonly path: string; readonly outcome: 'written' | 'merged' | 'removed' | 'unchanged' }
  | { readonly path: string; readonly outcome: 'conflict'; readonly why: string; readonly conflicts: readonly MergeConflict[] };

/** Brings one change of a copy into the workspace. What was changed there meanwhile is kept: merged where the lines differ, a conflict and untouched where they do not. */
export async function landChange(change: CopyChange, target: ResolvedPath, { journal, step }: { readonly journal: Journal; readonly step?: string }): Promise<Landing> {
  const { path, before, after } = change;
  const now = await readBytes(target, Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
    if (AssassinError.isInstance(error) && error.code === 'file-not-found') return undefined;
    throw error;
  });
  if (same(now, after)) return { path, outcome: 'unchanged' };
  if (same(now, before)) return after === undefined ? remove(path, target, now, journal, step) : write('written', after);
  if (now === undefined) return { path, outcome: 'conflict', why: 'it was deleted meanwhile', conflicts: [] };
  if (after === undefined) return { path, outcome: 'conflict', why: 'the agent deleted it, and it was changed meanwhile', conflicts: [] };
  const [base, ours, theirs] = [before ?? now.subarray(0, 0), now, after].map(decodeAny);
  if (!base || !ours || !theirs || ours.encoding !== theirs.encoding || (before !== undefined && base.encoding !== ours.encoding)) return { path, outcome: 'conflict', why: 'it was changed meanwhile, and is no text that could be merged', conflicts: [] };
  const merge = mergeTexts(base.text, ours.text, theirs.text);
  if (merge.ok) return write('merged', encodeWhole({ text: merge.text, encoding: ours.encoding }));
  return { path, outcome: 'conflict', why: 'the same lines were changed meanwhile', conflicts: merge.conflicts };

  async function write(outcome: 'written' | 'merged', bytes: Uint8Array): Promise<Landing> {
    await writeWithCheckpoint(journal, target, bytes, step);
    return { path, outcome };
  }
}

async function remove(path: string, target: ResolvedPath, now: Uint8Array | undefined, journal: Journal, step: string | undefined): Promise<Landing> {
  if (now !== undefined) {
    const image = journal.bytes(now, 'application/octet-stream');
    journal.append({ type: 'file.written', path: target.shown, before: { blob: image.blob, bytes: image.bytes }, after: '', ...(step === undefined ? {} : { step }) });
  }
  await removeFile(target);
  return { path, outcome: 'removed' };
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : hashOfBytes(a) === hashOfBytes(b);
}
