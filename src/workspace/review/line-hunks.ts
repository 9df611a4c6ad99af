import { diffArrays } from 'diff';

/** Lines that were replaced by others. Line numbers count from 0; either side may be empty. */
export interface LineHunk {
  readonly oldStart: number;
  readonly oldLines: readonly string[];
  readonly newStart: number;
  readonly newLines: readonly string[];
}

/** Two long texts with nothing in common would hold up the editor; they are then one hunk. */
const mostMs = 400;

/** Lines with their line ends, so that files with both kinds come back as they were. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What turns `before` into `after`, without any lines around it. */
export function lineHunks(before: readonly string[], after: readonly string[]): readonly LineHunk[] {
  const changes = diffArrays([...before], [...after], { timeout: mostMs });
  if (changes === undefined) return [{ oldStart: 0, oldLines: before, newStart: 0, newLines: after }];
  const hunks: LineHunk[] = [];
  let oldAt = 0;
  let newAt = 0;
  let open: { oldStart: number; oldLines: string[]; newStart: number; newLines: string[] } | undefined;
  for (const { value, added, removed } of changes) {
    if (!added && !removed) {
      if (open) hunks.push(open);
      open = undefined;
      oldAt += value.length;
      newAt += value.length;
      continue;
    }
    open ??= { oldStart: oldAt, oldLines: [], newStart: newAt, newLines: [] };
    if (added) {
      open.newLines.push(...value);
      newAt += value.length;
    } else {
      open.oldLines.push(...value);
      oldAt += value.length;
    }
  }
  return open ? [...hunks, open] : hunks;
}
