import type { FileReview } from '../../workspace/review/file-review.ts';
import type { HunkState } from '../../workspace/review/hunk-states.ts';
import type { Style } from '../style.ts';
import { oneLine } from '../text.ts';

const stateWords: Readonly<Record<HunkState, string>> = { there: '', gone: ', put back', edited: ', edited since' };
const problemWords = { 'not-text': 'not text, so only the whole file can be put back', entangled: 'edited by hand while the run went on, on the same lines', 'not-kept': 'too large, or of an older version, so only the whole file can be put back' } as const;

/** The changes of a run as a terminal shows them, numbered as `runs undo --hunk` takes them. */
export function renderChanges(files: readonly FileReview[], style: Style): readonly string[] {
  return files.flatMap(({ path, kind, state, hunks, problem }) => [
    style.bold(`${oneLine(path)} (${kind}${stateWords[state]})`),
    ...(problem === undefined ? [] : [`  ${problemWords[problem]}`]),
    ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, state: hunkState }, index) => [
      style.dim(`  ${index + 1}  line ${oldStart + 1} -> ${newStart + 1}${stateWords[hunkState]}`),
      ...oldLines.map((line) => style.bad(`     - ${shown(line)}`)),
      ...newLines.map((line) => style.good(`     + ${shown(line)}`)),
    ]),
  ]);
}

/** Without the line end, and without control characters that would steer the terminal. */
function shown(line: string): string {
  return line.replace(/\r?\n$/, '').replace(/[\p{Cc}\u2028\u2029]/gu, (character) => (character === '\t' ? '\t' : '\ufffd'));
}
