import { describe, expect, it } from 'vitest';
import { didYouMean, nearNames } from '../../../src/shared/near-names.ts';

describe('names near to a wrong one', () => {
  it('are found whatever the letter case, the separators or one wrong letter', () => {
    const names = ['write_file', 'read_file', 'list_directory'];
    expect(nearNames('writeFile', names)[0]).toBe('write_file');
    expect(nearNames('wirte_file', names)[0]).toBe('write_file');
    expect(nearNames('directory', names)).toEqual(['list_directory']);
    expect(nearNames('something_else_entirely', names)).toEqual([]);
  });

  it('are at most three, the nearest first, and none is asked for where none is near', () => {
    expect(nearNames('read_fil', ['read_file_4', 'read_files', 'read_file', 'read_file_22'])).toHaveLength(3);
    expect(nearNames('readFile', ['read_files', 'read_file'])).toEqual(['read_file', 'read_files']);
    expect(didYouMean(nearNames('readFile', ['read_files', 'read_file']))).toBe('Did you mean read_file or read_files?');
    expect(didYouMean(nearNames('readFile', ['deploy']))).toBeUndefined();
  });
});
