import { describe, expect, it } from 'vitest';
import { placeHunks, putBack } from '../../../../src/workspace/review/hunk-states.ts';
import { lineHunks, linesOf } from '../../../../src/workspace/review/line-hunks.ts';

/** One letter a line. */
const text = (letters: string) => linesOf([...letters].map((letter) => `${letter}\n`).join(''));
const placed = (before: string, after: string, now: string) => placeHunks(lineHunks(text(before), text(after)), text(before), text(after), text(now));
const states = (before: string, after: string, now: string) => placed(before, after, now).map(({ state }) => state).join(' ');
const back = (before: string, after: string, now: string, number: number) => putBack(text(now), placed(before, after, now).slice(number - 1, number)).replaceAll('\n', '');

describe('the changes of a run in a text that was edited since', () => {
  it.each([
    ['abcde', 'aBcDe', 'aBcDe', 'there there'],
    ['abcde', 'aBcDe', 'abcDe', 'gone there'],
    ['abcde', 'aBcDe', 'axcDe', 'edited there'],
    ['abcde', 'aBcDe', 'yyaBcDe', 'there there'],
    ['abcde', 'aBcDe', 'aBDe', 'there there'],
    ['abc', 'ac', 'ac', 'there'],
    ['abc', 'ac', 'abc', 'gone'],
    ['abc', 'ac', 'axc', 'edited'],
    ['xxy', 'xy', 'xxy', 'gone'],
    ['ac', 'abc', 'abc', 'there'],
    ['ac', 'abc', 'ac', 'gone'],
    ['ac', 'abbbc', 'abbxc', 'edited'],
    ['ac', 'abc', 'abxc', 'there'],
  ])('%s became %s and is %s now: %s', (before, after, now, expected) => expect(states(before, after, now)).toBe(expected));

  it('are put back one at a time, and what was written by hand around them stays', () => {
    expect(back('abcde', 'aBcDe', 'yaBcDez', 1)).toBe('yabcDez');
    expect(back('abcde', 'aBcDe', 'yaBcDez', 2)).toBe('yaBcdez');
    expect(back('abc', 'ac', 'zzac', 1)).toBe('zzabc');
    expect(back('ac', 'abbc', 'xabbcx', 1)).toBe('xacx');
  });

  it('keep the line ends of each line, and a last line without one', () => {
    const [before, after] = [linesOf('a\r\nb\nc'), linesOf('a\r\nB\nC')];
    const hunks = placeHunks(lineHunks(before, after), before, after, after);
    expect(putBack(after, hunks)).toBe('a\r\nb\nc');
  });

  it('are put back all at once from the end, in whatever order they come', () => {
    const [before, after] = ['abcdefg', 'aXXcfgY'];
    expect(putBack(text(after), placed(before, after, after).toReversed()).replaceAll('\n', '')).toBe(before);
  });
});
