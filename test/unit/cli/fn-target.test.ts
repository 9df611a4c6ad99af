import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../../src/cli/commands/fn-target.ts';

describe('what "fn run" is told to run', () => {
  it.each([
    ['src/a.ts#price', 'src/a.ts', 'price'],
    ['src/a.ts', 'src/a.ts', undefined],
    ['src\\a.ts#price', 'src\\a.ts', 'price'],
    ['C:\\work\\src\\a.ts#default', 'C:\\work\\src\\a.ts', 'default'],
    ['c#/notes.ts#run', 'c#/notes.ts', 'run'],
    ['#a.ts', '#a.ts', undefined],
    ['src/a.ts#', 'src/a.ts', undefined],
  ])('%j is a file and an export', (target, file, exportName) => {
    expect(parseTarget(target)).toEqual({ file, exportName });
  });
});
