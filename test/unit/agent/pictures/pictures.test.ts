import { describe, expect, it } from 'vitest';
import { Pictures } from '../../../../src/agent/pictures/pictures.ts';
import { dropPictures, tooManyPictures } from '../../../../src/agent/policies/drop-pictures.ts';
import type { ModelMessage } from '../../../../src/models/model-client.ts';
import { StoredPicture } from '../../../../src/models/picture.ts';
import { estimateInput } from '../../../../src/models/usage.ts';
import { Redactor } from '../../../../src/policy/redact.ts';

const png = (width: number, height: number, bytes = 40) => {
  const picture = Buffer.alloc(bytes);
  picture.write('89504e470d0a1a0a0000000d49484452', 'hex');
  picture.writeUInt32BE(width, 16);
  picture.writeUInt32BE(height, 20);
  return picture;
};
const name = (digit: string) => digit.repeat(64);
const stored = new Map([['a', png(800, 600)], ['b', png(800, 8001)], ['c', png(10, 10, 4_000_000)], ['d', Buffer.from('<svg/>')], ...['1', '2', '3', '4', '5'].map((digit) => [digit, png(1, 1)] as const)].map(([digit, bytes]) => [name(digit as string), bytes as Uint8Array]));
const named = (...digits: readonly string[]) => `step s_1: done\nresult: ${JSON.stringify(digits.map((digit) => ({ blob: name(digit), bytes: 1, mediaType: 'image/png' })))}`;
const pictures = (images?: boolean) => new Pictures('run_1', (run, hash) => Promise.resolve(run === 'run_1' ? stored.get(hash) : undefined), { id: 'test/model', ...(images === undefined ? {} : { images }) });

describe('pictures that a result names', () => {
  it('are attached for a model that sees them, with their size, also where nobody has said whether it does', async () => {
    for (const images of [true, undefined]) {
      const shown = await pictures(images).shown(named('a'));
      expect(shown.images).toEqual([expect.objectContaining({ mediaType: 'image/png', blob: name('a') })]);
      expect(shown.images[0]!.base64).toBe(Buffer.from(stored.get(name('a'))!).toString('base64'));
      expect(shown.note).toBe('[Picture aaaaaaaa, 800 x 600: attached]');
    }
  });

  it.each([
    ['the model sees none', false, 'a', 'test/model sees no pictures'],
    ['it has too many pixels', true, 'b', '8000 pixels each way at most'],
    ['it has too many bytes', true, 'c', '4000000 bytes'],
    ['it is no picture', true, 'd', 'only PNG, JPEG, GIF and WebP'],
  ])('are not attached where %s, which a sentence says', async (_, images, digit, why) => {
    const shown = await pictures(images).shown(named(digit));
    expect(shown.images).toEqual([]);
    expect(shown.note).toContain(why);
  });

  it('are four at most, those of other runs are none, and what only looks like one is none', async () => {
    const shown = await pictures(true).shown(named('1', '2', '3', '4', '5', '1', 'f'));
    expect(shown.images).toHaveLength(4);
    expect(shown.note.split('\n')).toHaveLength(5);
    expect(shown.note).toContain('return it alone to see it');
    const mcp = JSON.stringify([{ type: 'text', text: 'here' }, { type: 'image', mimeType: 'image/png', blob: name('a'), bytes: 40 }]);
    const check = JSON.stringify({ passed: true, screenshots: [{ name: 'start', blob: name('1'), bytes: 40, mediaType: 'image/png', width: 1, height: 1 }] });
    for (const text of [mcp, check]) expect((await pictures(true).shown(text)).images).toHaveLength(1);
    expect(await pictures(true).shown(`{"blob":"${name('a')}","mediaType":"text/plain"} {"blob":"aaaa","mediaType":"image/png"}`)).toEqual({ images: [], note: '' });
  });

  it('become sentences where a model of unknown sight has refused them, and are not shown to it again', async () => {
    const unknown = pictures();
    const messages: readonly ModelMessage[] = [{ role: 'user', text: 'Look', images: [new StoredPicture('image/png', name('a'), png(1, 1))] }];
    expect(pictures(true).withoutRefused(messages)).toBeUndefined();
    expect(unknown.withoutRefused([{ role: 'user', text: 'Look' }])).toBeUndefined();
    expect(unknown.withoutRefused(messages)).toEqual([{ role: 'user', text: 'Look\n[The picture aaaaaaaa is not shown here: test/model sees no pictures.]' }]);
    expect((await unknown.shown(named('a'))).images).toEqual([]);
  });
});

describe('a conversation with pictures', () => {
  const result = (id: string): ModelMessage => ({ role: 'tool', callId: id, name: 'read_file', text: id, failed: false, images: [new StoredPicture('image/png', name('a'), png(1, 1))] });
  const tokensOf = (messages: readonly ModelMessage[]) => estimateInput({ messages, tools: [], toolChoice: 'none' });

  it('loses the oldest first, those that the model has not seen last, and none where it fits', () => {
    const messages = [result('1'), { role: 'user', text: 'words' } as const, result('2'), result('3'), result('4')];
    const kept = (limit: number, unsent: number) => dropPictures(messages, { limit, tokensOf, unsent }).map((message) => message.role === 'tool' && message.images !== undefined);
    expect(kept(10_000, 1)).toEqual([true, false, true, true, true]);
    expect(kept(3500, 1)).toEqual([false, false, false, true, true]);
    expect(kept(100, 1)).toEqual([false, false, false, false, true]);
    expect(dropPictures(messages.slice(1, 2), { limit: 1, tokensOf, unsent: 0 })[0]).toBe(messages[1]);
  });

  it('has no more of them than providers take, however much room there is', () => {
    const many = Array.from({ length: 25 }, (_, i) => result(String(i)));
    expect(tooManyPictures(many.slice(0, 20))).toBe(false);
    expect(tooManyPictures(many)).toBe(true);
    const left = dropPictures(many, { limit: 1_000_000, tokensOf, unsent: 25 });
    expect(left.filter((message) => message.role === 'tool' && message.images !== undefined)).toHaveLength(20);
    expect(left.at(-1)).toBe(many.at(-1));
  });

  it('is searched for secrets without its bytes, and compared by their hash', () => {
    const picture = new StoredPicture('image/png', name('a'), Buffer.from('hunter2-hunter2'));
    const redactor = new Redactor();
    redactor.add([picture.base64]);
    const message = { role: 'user', text: 'Look', images: [picture] };
    expect(redactor.redactOnce(message)).toBe(message);
    expect(JSON.stringify(picture)).toBe(`{"mediaType":"image/png","blob":"${name('a')}"}`);
  });
});
