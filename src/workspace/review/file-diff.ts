import { structuredPatch } from 'diff';
import type { DiffLine, FileDiff } from '../../shared/file-diff.ts';

const contextLines = 3;
const maxLine = 500;
/** Of the comparison, in lines: more is looked at in the editor. */
const maxLines = 400;
/** A comparison of two long, wholly different texts takes longer than anybody waits; it is then left to the editor. */
const mostMs = 500;

/** What changed between two texts, with a few lines around it; the beginning of it where it is long. */
export function diffOf(path: string, before: string, after: string): FileDiff {
  const patch = structuredPatch(path, path, before, after, undefined, undefined, { context: contextLines, timeout: mostMs });
  if (!patch) return { path, lines: [], added: 0, removed: 0, problem: 'The two versions have too little in common to be compared here.' };
  const lines: DiffLine[] = [];
  let added = 0;
  let removed = 0;
  for (const [index, { lines: changed, oldStart, newStart }] of patch.hunks.entries()) {
    let from = oldStart;
    let to = newStart;
    if (index > 0) lines.push({ kind: 'gap', text: '' });
    for (const line of changed) {
      const text = line.length > maxLine ? `${line.slice(1, maxLine)}…` : line.slice(1);
      switch (line[0]) {
        case '+':
          added += 1;
          lines.push({ kind: 'added', text, after: to++ });
          break;
        case '-':
          removed += 1;
          lines.push({ kind: 'removed', text, before: from++ });
          break;
        case '\\':
          break;
        default:
          lines.push({ kind: 'same', text, before: from++, after: to++ });
      }
    }
  }
  return { path, lines: lines.slice(0, maxLines), added, removed };
}
