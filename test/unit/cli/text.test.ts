import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, displayWidth, oneLine, pad, safeLines, utcTime, wrap } from '../../../src/cli/text.ts';

test('text of strangers cannot move the cursor, recolour the terminal, ring the bell or end a line', () => {
  expect(oneLine('a\u001b[31mred\u0007\u009b2K')).toBe('a\\x1b[31mred\\x07\\x9b2K');
  expect(oneLine('one\r\n  two\tthree')).toBe('one two three');
  expect(safeLines('one\ntwo\u001b]0;title\u0007')).toBe('one\ntwo\\x1b]0;title\\x07');
});

test('marks that turn the direction of text around are shown, not obeyed', () => {
  expect(oneLine('safe\u202egpj.exe')).toBe('safe\\x202egpj.exe');
});

test('no text at all leaves a control character behind', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(oneLine(text))));
});

test('wide characters take two columns, combining ones none', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('日本')).toBe(4);
  expect(displayWidth('👍')).toBe(2);
  expect(displayWidth('e\u0301')).toBe(1);
});

test('a clipped text ends with an ellipsis and fits, whatever its characters', () => {
  expect(clip('abcdef', 4)).toBe('abc…');
  expect(clip('日本語', 4)).toBe('日…');
  expect(clip('abc', 3)).toBe('abc');
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, width) => displayWidth(clip(oneLine(text), width)) <= width));
});

test('a padded text has exactly the width asked for', () => {
  expect(pad('ab', 4)).toBe('ab  ');
  expect(pad('ab', 4, 'right')).toBe('  ab');
  expect(pad('日本', 3)).toBe('日…');
  expect(pad('日', 3)).toBe('日 ');
});

test('lines are broken between words, and words that are too long are cut', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
  expect(wrap('', 10)).toEqual(['']);
  expect(wrap('or with --allow "fs.write out/a.txt".', 30)).toEqual(['or with', '--allow "fs.write out/a.txt".']);
  expect(wrap('--allow "fs.write a/very/long/path.txt"', 20)).toEqual(['--allow "fs.write', 'a/very/long/path.txt', '"']);
});

test('a moment is told to the second, whatever the zone of the machine', () => {
  expect(utcTime(Date.UTC(2026, 10, 23, 8, 30, 5, 999))).toBe('2026-11-23 08:30:05');
});
