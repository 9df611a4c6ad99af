import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../../src/vscode/split-command.ts';

describe('splitCommand', () => {
  it('splits at blanks and keeps quoted words whole', () => {
    expect(splitCommand('  npx -y "@scope/a server" \'/tmp/my folder\'  ')).toEqual(['npx', '-y', '@scope/a server', '/tmp/my folder']);
  });

  it('keeps empty words, and quotes inside a word', () => {
    expect(splitCommand('node "" --name=\'a b\'c')).toEqual(['node', '', '--name=a bc']);
  });

  it('leaves the backslashes of Windows paths alone', () => {
    expect(splitCommand('C:\\Tools\\server.exe "C:\\My Files"')).toEqual(['C:\\Tools\\server.exe', 'C:\\My Files']);
  });

  it('gives shell signs no meaning', () => {
    expect(splitCommand('echo a;rm -rf $HOME && b | c > d')).toEqual(['echo', 'a;rm', '-rf', '$HOME', '&&', 'b', '|', 'c', '>', 'd']);
  });

  it('refuses a quote that is not closed', () => {
    expect(splitCommand('npx "server')).toBeUndefined();
  });

  it('gives back every list of words that was quoted word by word', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 12 }).filter((word) => !word.includes('\\')), { maxLength: 6 });
    fc.assert(fc.property(words, (list) => {
      expect(splitCommand(list.map((word) => `"${word.replaceAll('"', '\\"')}"`).join(' '))).toEqual(list);
    }));
  });
});
