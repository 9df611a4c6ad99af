import { describe, expect, it } from 'vitest';
import { decodeWhole, encodeWhole } from '../../../src/workspace/text-encoding.ts';

const le = Buffer.from('\ufeffgrün\r\n', 'utf16le');
const be = Buffer.from(le).swap16();

describe('the bytes of a text', () => {
  it.each([
    ['UTF-8', Buffer.from('grün\r\n'), 'utf-8', 'grün\r\n'],
    ['UTF-8 with a mark', Buffer.from('\ufeffgrün\r\n'), 'utf-8', '\ufeffgrün\r\n'],
    ['UTF-16, little end first', le, 'utf-16le', '\ufeffgrün\r\n'],
    ['UTF-16, big end first', be, 'utf-16be', '\ufeffgrün\r\n'],
    ['nothing', Buffer.alloc(0), 'utf-8', ''],
  ])('of %s come back as they were', (_name, bytes, encoding, text) => {
    const whole = decodeWhole(bytes);
    expect(whole).toEqual({ text, encoding });
    expect(Buffer.from(encodeWhole(whole!))).toEqual(bytes);
  });

  it.each([
    ['Latin-1', Buffer.from([0x67, 0x72, 0xfc, 0x6e])],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2])],
    ['half a character of UTF-16', Buffer.from([0xff, 0xfe, 0x61])],
    ['half a pair of UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ])('are no text where they are %s', (_name, bytes) => expect(decodeWhole(bytes)).toBeUndefined());
});
