import { parseTree, type ParseError } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { jsonProblem } from '../../../src/shared/json-problem.ts';

const problemOf = (text: string) => {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  const found = jsonProblem(text, errors, 'a.json');
  return found && `${found.location.line}:${found.location.column} ${found.what}`;
};

test.each([
  ['{\n  a: 1 }', '2:3 what stands there is no value; names and texts are written in double quotes'],
  ['{"a" 1}', '1:6 a colon is missing'],
  ['[1\n2]', '2:1 a comma is missing'],
  ['{"a":1', '1:7 a closing brace } is missing'],
  ['[1', '1:3 a closing bracket ] is missing'],
  ['{"a":"x\n"}', '1:6 the closing quote of a text is missing'],
  ['{"a":1}}', '1:8 something follows after the end'],
  ['{"a": }', '1:7 a value is missing'],
  ['{1: 2}', '1:2 the name of a field in double quotes is missing'],
  ['{"a":"\\q"}', '1:6 there is no such sign behind \\; a backslash itself is written \\\\'],
  ['{"a":"\\u12"}', '1:6 \\u needs four hex digits'],
  ['{"a": 1e}', '1:7 a number is not complete'],
  ['{"a": /* x', '1:7 a comment does not end'],
])('%j: the first problem in words, with line and column', (text, problem) => {
  expect(problemOf(text)).toBe(problem);
});

test('nothing is wrong with comments and trailing commas', () => {
  expect(problemOf('{ "a": [1,], // b\n}')).toBeUndefined();
});
