import { describe, expect, it } from 'vitest';
import type { Json, StoredValue } from '../../../src/shared/json.ts';
import { pictureOf } from '../../../src/telemetry/picture-of.ts';

const hash = 'ab'.repeat(32);
const picture = { blob: hash, bytes: 10, mediaType: 'image/png' };
const json = (value: Json): StoredValue => ({ json: value });

describe('the picture of a result', () => {
  it.each<readonly [string, StoredValue, boolean]>([
    ['a screenshot', json({ ...picture, preview: '' }), true],
    ['one inside a list of others', json({ ok: true, screenshots: [{ name: 'wide', ...picture }, { ...picture, blob: 'cd'.repeat(32) }] }), true],
    ['a stored picture', { blob: hash, bytes: 10, mediaType: 'image/webp', preview: '' }, true],
    ['a stored text', { blob: hash, bytes: 10, mediaType: 'text/plain', preview: 'x' }, false],
    ['a drawing that is a document', json({ ...picture, mediaType: 'image/svg+xml' }), false],
    ['words of a page that look like one', json({ blob: '../../etc/passwd', bytes: 10, mediaType: 'image/png' }), false],
    ['no bytes', json({ blob: hash, mediaType: 'image/png' }), false],
    ['nothing', json(null), false],
    ['a text', json('image/png'), false],
  ])('is found where there is one: %s', (_case, value, found) => {
    expect(pictureOf(value)).toEqual(found ? expect.objectContaining({ blob: hash, bytes: 10 }) : undefined);
  });

  it('is not looked for in the whole of a result that is large', () => {
    expect(pictureOf(json([...Array.from({ length: 400 }, (_, i) => i), picture]))).toBeUndefined();
    let deep: Json = picture;
    for (let i = 0; i < 400; i++) deep = [deep];
    expect(pictureOf(json(deep))).toBeUndefined();
    expect(pictureOf(undefined)).toBeUndefined();
  });
});
