import { hashOfBytes } from '../checkpoint.ts';
import { decodeAny, type EncodedText } from '../text-encoding.ts';
import { placeHunks, type HunkState, type PlacedHunk } from './hunk-states.ts';
import { lineHunks, linesOf } from './line-hunks.ts';
import type { OwnChange } from './own-change.ts';

/** A file that a run has changed, compared with what it holds now. */
export interface FileReview {
  readonly path: string;
  readonly kind: 'changed' | 'made' | 'removed';
  /** Of the file as a whole: `edited` where at least one of its changes is. */
  readonly state: HunkState;
  /** Numbered from 1 by their order. Empty where the file can only be put back as a whole: it was made or removed, or is no text. */
  readonly hunks: readonly PlacedHunk[];
  /** Why there are no hunks, where that is not plain from `kind`. */
  readonly problem?: 'not-text' | 'entangled' | 'not-kept';
}

/** The same with what it takes to put the change back. */
export interface ReviewedFile extends FileReview {
  readonly change: OwnChange;
  readonly now: Uint8Array | undefined;
  /** Present with hunks only. */
  readonly text?: EncodedText;
}

export function reviewFile(change: OwnChange, now: Uint8Array | undefined): ReviewedFile {
  const { path, before, afterHash, entangled } = change;
  const nowHash = now === undefined ? '' : hashOfBytes(now);
  const isAfter = nowHash === afterHash;
  const after = change.after === 'lost' && isAfter ? now : change.after;
  const kind = before === undefined ? 'made' : afterHash === '' ? 'removed' : 'changed';
  const isBefore = before === undefined ? now === undefined : now !== undefined && nowHash === hashOfBytes(before);
  const whole = { path, kind, change, now, hunks: [], state: isBefore ? 'gone' : isAfter ? 'there' : 'edited' } as const;
  if (kind !== 'changed' || before === undefined) return whole;
  if (entangled) return { ...whole, problem: 'entangled', state: isBefore ? 'gone' : 'edited' };
  if (after === 'lost') return { ...whole, problem: 'not-kept' };
  const [old, fresh, text] = [before, after, now].map((bytes) => (bytes === undefined ? undefined : decodeAny(bytes)));
  if (now === undefined) return { ...whole, state: 'edited' };
  if (!old || !fresh || !text || old.encoding !== fresh.encoding || fresh.encoding !== text.encoding) return { ...whole, problem: 'not-text' };
  const [oldLines, newLines, nowLines] = [linesOf(old.text), linesOf(fresh.text), linesOf(text.text)];
  const hunks = placeHunks(lineHunks(oldLines, newLines), oldLines, newLines, nowLines);
  return { ...whole, text, hunks, state: isBefore ? 'gone' : isAfter ? 'there' : stateOf(hunks) };
}

function stateOf(hunks: readonly PlacedHunk[]): HunkState {
  if (hunks.some(({ state }) => state === 'edited')) return 'edited';
  return hunks.some(({ state }) => state === 'there') ? 'there' : 'gone';
}
