import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../../src/workspace/merge-texts.ts';

describe('two sets of changes to one text', () => {
  it('are put together where they touch other lines, line ends kept', () => {
    expect(mergeTexts('a\r\nb\nc\n\nd', 'A\r\nb\nc\n\nd', 'a\r\nb\nc\n\nD\n')).toEqual({ ok: true, text: 'A\r\nb\nc\n\nD\n' });
  });

  it('are one where they are the same', () => {
    expect(mergeTexts('a\nb\n', 'a\nB\n', 'a\nB\n')).toEqual({ ok: true, text: 'a\nB\n' });
  });

  it('conflict where they touch the same lines: place and both sides are named, and there is no text', () => {
    expect(mergeTexts('a\nb\nc\n', 'a\nours\nc\n', 'a\ntheirs\nc\n')).toEqual({ ok: false, conflicts: [{ line: 2, base: 'b\n', ours: 'ours\n', theirs: 'theirs\n' }] });
  });

  it('conflict where both made the file', () => {
    expect(mergeTexts('', 'x\n', 'y\n')).toMatchObject({ ok: false, conflicts: [{ line: 1, ours: 'x\n', theirs: 'y\n' }] });
  });
});
