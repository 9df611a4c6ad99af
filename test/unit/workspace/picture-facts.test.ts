import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pictureFacts } from '../../../src/workspace/picture-facts.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('what is known of a picture from its bytes', () => {
  it.each([
    ['PNG', hex('89504e470d0a1a0a 0000000d 49484452 00000320 00000258 08'), { mediaType: 'image/png', width: 800, height: 600 }],
    ['GIF', hex('474946383961 2003 5802 80'), { mediaType: 'image/gif', width: 800, height: 600 }],
    ['JPEG, behind another segment and a filled marker', hex('ffd8 ffe0 0010 4a46494600010100000100010000 ffff c2 0011 08 0258 0320 03'), { mediaType: 'image/jpeg', width: 800, height: 600 }],
    ['WebP with loss', hex('52494646 00000000 57454250 56503820 00000000 300100 9d012a 2003 5802'), { mediaType: 'image/webp', width: 800, height: 600 }],
    ['WebP without loss', hex('52494646 00000000 57454250 5650384c 00000000 2f 1fc39500'), { mediaType: 'image/webp', width: 800, height: 600 }],
    ['WebP with more in it', hex('52494646 00000000 57454250 56503858 0a000000 00000000 1f0300 570200'), { mediaType: 'image/webp', width: 800, height: 600 }],
  ])('is its kind and size: %s', (_name, bytes, facts) => expect(pictureFacts(bytes)).toEqual(facts));

  it.each([['text', Buffer.from('a PNG')], ['nothing', Buffer.alloc(0)], ['a picture that ends too early', hex('89504e470d0a')], ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')], ['a JPEG without a size', hex('ffd8 ffd9')]])('is nothing for %s', (_name, bytes) => expect(pictureFacts(bytes)).toBeUndefined());

  it('is right for a picture of our own', () => expect(pictureFacts(readFileSync(new URL('../../../media/icon.png', import.meta.url)))).toMatchObject({ mediaType: 'image/png', width: 128, height: 128 }));
});
