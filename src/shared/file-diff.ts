/** One line of a small diff. Numbers count from 1; absent where the line is not in that version. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

export interface FileDiff {
  readonly path: string;
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
  /** Why there are no lines: the file is no text, is too large, or what was written is not known any more. */
  readonly problem?: string;
}
