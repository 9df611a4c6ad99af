import { lineHunks, type LineHunk } from './line-hunks.ts';

/** `there`: as the run left it. `gone`: as it was before the run. `edited`: neither, somebody has changed these lines since. */
export type HunkState = 'there' | 'gone' | 'edited';

export interface PlacedHunk extends LineHunk {
  readonly state: HunkState;
  /** First line in the text as it is now, from 0; where the hunk would be, for those that are not there. */
  readonly at: number;
}

/**
 * Where the changes of a run are in a text that was edited since. Lines count as the run's only where nobody has touched them: a hunk that is `there` can
 * be replaced by its old lines without losing anything that is not the run's.
 */
export function placeHunks(hunks: readonly LineHunk[], before: readonly string[], after: readonly string[], now: readonly string[]): readonly PlacedHunk[] {
  const sinceAfter = lineHunks(after, now);
  const sinceBefore = lineHunks(before, now);
  return hunks.map((hunk) => {
    const { oldStart, oldLines, newStart, newLines } = hunk;
    const old = untouched(sinceBefore, oldStart, oldLines.length);
    const fresh = untouched(sinceAfter, newStart, newLines.length);
    const at = newStart + shiftBefore(sinceAfter, newStart);
    // A removal leaves nothing to be recognised by: whether its lines are back is seen from the text before.
    if (newLines.length === 0) return { ...hunk, at, state: old ? 'gone' : fresh ? 'there' : 'edited' };
    return { ...hunk, at, state: fresh ? 'there' : old ? 'gone' : 'edited' };
  });
}

/** The text with the old lines of these hunks; all of them must be `there`. */
export function putBack(now: readonly string[], hunks: readonly PlacedHunk[]): string {
  const lines = [...now];
  // From the end: what is put back must not move the places of those before it.
  for (const { at, oldLines, newLines } of hunks.toSorted((a, b) => b.at - a.at)) lines.splice(at, newLines.length, ...oldLines);
  return lines.join('');
}

/** Whether `count` lines from `start` are as they were. For no lines at all: whether both neighbours still are side by side. */
function untouched(since: readonly LineHunk[], start: number, count: number): boolean {
  return since.every(({ oldStart, oldLines }) => {
    const end = oldStart + oldLines.length;
    return count === 0 ? end < start || oldStart > start : end <= start || oldStart >= start + count || (oldLines.length === 0 && (oldStart === start || oldStart === start + count));
  });
}

function shiftBefore(since: readonly LineHunk[], start: number): number {
  return since.reduce((sum, { oldStart, oldLines, newLines }) => (oldStart + oldLines.length <= start ? sum + newLines.length - oldLines.length : sum), 0);
}
