export interface SearchQuery {
  readonly pattern: string;
  /** A regular expression of the kind that JavaScript and Rust share; plain text where false. */
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Relative with forward slashes, empty for the whole workspace. */
  readonly folder: string;
  /** Which files, as in `.gitignore`; all where empty. */
  readonly globs: readonly string[];
  /** Matches at most. */
  readonly limit: number;
}

export interface SearchMatch {
  /** Relative to the workspace with forward slashes. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The line, cut where it is very long. */
  readonly text: string;
}

export interface SearchResult {
  readonly matches: readonly SearchMatch[];
  /** There may be more. */
  readonly cut: boolean;
  /** Paths of the files that were not searched because of their size, as far as the search came. */
  readonly tooLarge: readonly string[];
}

/** Longer lines were written by programs. */
export const maxLineLength = 300;
/** Larger files are not searched. */
export const maxSearchedBytes = 4 * 1024 * 1024;

/** The part of a long line in which the match is. */
export function shownLine(line: string, column: number): string {
  const text = line.replace(/\r?\n?$/, '');
  if (text.length <= maxLineLength) return text;
  const from = Math.max(0, Math.min(column - 1 - maxLineLength / 3, text.length - maxLineLength));
  return `${from > 0 ? '...' : ''}${text.slice(from, from + maxLineLength)}${from + maxLineLength < text.length ? '...' : ''}`;
}
