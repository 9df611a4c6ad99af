import { describe, expect, it } from 'vitest';
import { scanComments } from '../../../src/vscode/editing/scan-comments.ts';

describe('instructions in comments', () => {
  it.each([
    ['// assassin: sort by date', 'sort by date'],
    ['    # assassin: sort by date', 'sort by date'],
    ['-- Assassin: sort by date', 'sort by date'],
    ['; assassin: sort by date', 'sort by date'],
    ['% assassin: sort by date', 'sort by date'],
    ['/// assassin: sort by date', 'sort by date'],
    ['/* assassin: sort by date */', 'sort by date'],
    ['<!-- assassin: sort by date -->', 'sort by date'],
    ['{- assassin: sort by date -}', 'sort by date'],
    ['(* assassin: sort by date *)', 'sort by date'],
    ['REM assassin: sort by date', 'sort by date'],
    ["' assassin: sort by date", 'sort by date'],
    ['/*\n * x\n */\n// @assassin: sort by date', 'sort by date'],
  ])('are found in %j', (source, text) => expect(scanComments(source).map((each) => each.text)).toEqual([text]));

  it.each(['const a = "x//assassin: no";', 'https://assassin: no', 'assassin: no comment', '// assassin:', '/* assassin: a */ const b = 1;', '// the assassin said'])('are not found in %j', (source) => expect(scanComments(source)).toEqual([]));

  it('behind code leave the code alone', () => {
    expect(scanComments('const a = 1; // assassin: make it 2')).toEqual([{ text: 'make it 2', line: 0, endLine: 0, column: 13 }]);
  });

  it('may go on in lines that are indented further, or up to the end of the block', () => {
    expect(scanComments('x\n// assassin: sort them\n//   by date\n// another comment')).toEqual([{ text: 'sort them by date', line: 1, endLine: 2, column: 0 }]);
    expect(scanComments('/* assassin: sort them\n * by date\n */\nx')).toEqual([{ text: 'sort them by date', line: 0, endLine: 2, column: 0 }]);
  });

  it('of a block without an end are none', () => expect(scanComments('/* assassin: sort them\nx\ny')).toEqual([]));
});
