import { describe, expect, it } from 'vitest';
import { SseData } from '../../../src/policy/sse-data.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The data of a text that comes in pieces of so many bytes. */
function taken(text: string, size: number): readonly string[] {
  const events = new SseData();
  const all = bytes(text);
  const found: string[] = [];
  for (let at = 0; at < all.length; at += size) found.push(...events.take(all.subarray(at, at + size)));
  return found;
}

describe('server-sent events', () => {
  const stream = '\uFEFFdata: one\n\n: a comment\nevent: x\nid: 7\ndata:two\r\ndata: lines\r\n\r\ndata: Grüße 👩‍🚀\r\rretry: 5\n\ndata:  kept\n\ndata: never ended';

  it.each([1, 2, 3, 7, 1000])('are the same in pieces of %i bytes, whichever way their lines end', (size) => {
    expect(taken(stream, size)).toEqual(['one', 'two\nlines', 'Grüße 👩‍🚀', ' kept']);
  });

  it('that have not ended are nobody\'s', () => {
    expect(taken('data: {"half":', 4)).toEqual([]);
  });
});
