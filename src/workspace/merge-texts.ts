import { diff3Merge } from 'node-diff3';

/** One place at which two sides have changed the same lines. */
export interface MergeConflict {
  /** First line of the place in the file as it is now, from 1. */
  readonly line: number;
  readonly base: string;
  /** As it is now in the workspace. */
  readonly ours: string;
  readonly theirs: string;
}

export type Merge = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly conflicts: readonly MergeConflict[] };

/** Puts two sets of changes to the same text together. Where both touch the same lines differently it says so and makes no text at all. */
export function mergeTexts(base: string, ours: string, theirs: string): Merge {
  const regions = diff3Merge(linesOf(ours), linesOf(base), linesOf(theirs), { excludeFalseConflicts: true });
  const conflicts: MergeConflict[] = [];
  const text: string[] = [];
  for (const { ok, conflict } of regions) {
    if (conflict) conflicts.push({ line: conflict.aIndex + 1, base: conflict.o.join(''), ours: conflict.a.join(''), theirs: conflict.b.join('') });
    else text.push(...(ok ?? []));
  }
  return conflicts.length > 0 ? { ok: false, conflicts } : { ok: true, text: text.join('') };
}

/** Each with its line end, so that files with both kinds come back as they were. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
