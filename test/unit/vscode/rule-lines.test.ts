import { expect, test } from 'vitest';
import { linesOf } from '../../../src/vscode/rule-lines.ts';

const deny = { effect: 'deny', grant: 'browser' };
const ask = { effect: 'ask', grant: 'net https://a.example' };
const text = `{\n  // mine\n  "infrastructureAssassin.rules": [\n    ${JSON.stringify(deny)},\n\n    ${JSON.stringify(ask)},\n  ],\n}\n`;

test('each rule of a settings file has its line, comments and trailing commas or not', () => {
  expect(linesOf(text, [deny, ask], 'settings.json')).toEqual(['settings.json:4', 'settings.json:6']);
});

test('a workspace file has its settings below a key of their own', () => {
  expect(linesOf(`{\n"settings": ${text} }`, [deny, ask], 'shop.code-workspace', 'settings')).toEqual(['shop.code-workspace:5', 'shop.code-workspace:7']);
});

test('a rule that the file does not hold in that place has no line, rather than a wrong one', () => {
  expect(linesOf(text, [ask, ask], 'settings.json')).toEqual([undefined, 'settings.json:6']);
  expect(linesOf('', [deny], 'settings.json')).toEqual([undefined]);
  expect(linesOf('{', 'no list', 'settings.json')).toEqual([]);
});
