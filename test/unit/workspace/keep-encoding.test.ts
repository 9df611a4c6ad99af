import { describe, expect, it } from 'vitest';
import { inItsEncoding } from '../../../src/workspace/keep-encoding.ts';
import { decodeAny, encodeWhole } from '../../../src/workspace/text-encoding.ts';

const file = { shown: 'a.txt' };
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const write = (before: Uint8Array | undefined, text: string, encoding?: Parameters<typeof inItsEncoding>[3]) => Buffer.from(encodeWhole(inItsEncoding(file, before, text, encoding)));

describe('a text that replaces what a file holds', () => {
  it.each([
    ['nothing', undefined, 'grün', Buffer.from('grün')],
    ['an empty file', Buffer.alloc(0), 'grün', Buffer.from('grün')],
    ['UTF-8', Buffer.from('alt'), 'grün', Buffer.from('grün')],
    ['UTF-8 with a mark', Buffer.from('\ufeffalt'), 'grün', Buffer.from('\ufeffgrün')],
    ['UTF-8 with a mark, by a text that has one itself', Buffer.from('\ufeffalt'), '\ufeffgrün', Buffer.from('\ufeffgrün')],
    ['UTF-16, little end first', utf16('\ufeffalt'), 'grün', utf16('\ufeffgrün')],
    ['UTF-16, big end first', utf16('\ufeffalt').swap16(), 'grün', utf16('\ufeffgrün').swap16()],
    ['one byte a character, with those that stand in it', Buffer.from([0xfc, 0x80, 0x0a]), 'a€ü', Buffer.from([0x61, 0x80, 0xfc])],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), 'grün', Buffer.from('grün')],
  ])('of %s has its encoding and mark', (_name, before, text, bytes) => expect(write(before, text)).toEqual(bytes));

  it('is refused where nobody can know the byte of a character, and not where somebody says the encoding', () => {
    const before = Buffer.from([0x67, 0x72, 0xfc, 0x6e]);
    expect(() => write(before, 'grün, weiß')).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('"ß" does not stand in it yet') as string, data: { character: 'ß' } }) as Error);
    expect(write(before, 'grün, weiß', 'windows-1252')).toEqual(Buffer.from([0x67, 0x72, 0xfc, 0x6e, 0x2c, 0x20, 0x77, 0x65, 0x69, 0xdf]));
    expect(write(before, 'grün, weiß', 'utf-8')).toEqual(Buffer.from('grün, weiß'));
    expect(write(before, 'weiß', 'utf-16le')).toEqual(utf16('\ufeffweiß'));
    expect(() => write(before, '日本', 'windows-1252')).toThrow('"日" is no character of Windows-1252');
    expect(() => write(before, '\u0080', 'windows-1252')).toThrow('is no character of Windows-1252');
  });
});

describe('bytes with one byte a character', () => {
  it('come back as they were, all 256 but control bytes, whatever encoding they are in', () => {
    const bytes = Buffer.from([0x09, 0x0a, 0x0d, ...Array.from({ length: 0x5f }, (_, i) => 0x20 + i), ...Array.from({ length: 0x80 }, (_, i) => 0x80 + i)]);
    const whole = decodeAny(bytes)!;
    expect(whole.encoding).toBe('windows-1252');
    expect(whole.text).toContain('€');
    expect(Buffer.from(encodeWhole(whole))).toEqual(bytes);
  });

  it.each([['a zero', [0xfc, 0x00]], ['an escape of a terminal only', [0xfc, 0x07]], ['the end of a picture', [0xff, 0xd8, 0xff, 0xe0, 0x00]]])('are no text with %s', (_name, bytes) => expect(decodeAny(Buffer.from(bytes))).toBeUndefined());
});
