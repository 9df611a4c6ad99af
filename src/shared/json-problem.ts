import { printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { SourceLocation } from './errors.ts';

/** What a parser calls a code is for programmers of parsers. */
const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'what stands there is no value; names and texts are written in double quotes',
  InvalidNumberFormat: 'what stands there is no number',
  PropertyNameExpected: 'the name of a field in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'something follows after the end',
  InvalidCommentToken: 'there may be no comment there',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'the closing quote of a text is missing',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: '\\u needs four hex digits',
  InvalidEscapeCharacter: 'there is no such sign behind \\; a backslash itself is written \\\\',
  InvalidCharacter: 'a text holds a sign that must be escaped, such as a tab or a line break',
};

export interface JsonProblem {
  /** In words, to come after a colon. */
  readonly what: string;
  readonly location: SourceLocation;
}

/** The first thing that is wrong in a text that should be JSON, with its place in `file`; `undefined` where nothing is. */
export function jsonProblem(text: string, errors: readonly ParseError[], file: string): JsonProblem | undefined {
  const [first] = errors;
  if (first === undefined) return undefined;
  return { what: words[printParseErrorCode(first.error)] ?? 'it cannot be read', location: { file, ...placeIn(text, first.offset) } };
}

/** Line and column of an offset, both from 1. */
export function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
