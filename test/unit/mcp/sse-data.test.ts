import { expect, it } from 'vitest';
import { sseData } from '../../../src/mcp/sse-data.ts';

async function dataOf(...chunks: readonly string[]): Promise<readonly string[]> {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const found: string[] = [];
  for await (const data of sseData(stream)) found.push(data);
  return found;
}

it.each<[string, readonly string[], readonly string[]]>([
  ['events with names, ids and comments', [': hello\nid: 7\nevent: message\ndata: {"a":1}\n\ndata: {"b":2}\n\n'], ['{"a":1}', '{"b":2}']],
  ['lines of data that belong together', ['data: one\ndata: two\n\n'], ['one\ntwo']],
  ['ends of lines of all three kinds', ['data: one\r\n\r\ndata: two\r\rdata: three\n\n'], ['one', 'two', 'three']],
  ['pieces that part a line and its end', ['da', 'ta: o', 'ne\r', '\n\r', '\ndata: two\n', '\n'], ['one', 'two']],
  ['data without a space, and with two', ['data:one\n\ndata:  two\n\n'], ['one', ' two']],
  ['an event that the end cuts off', ['data: one\n\ndata: two\n'], ['one']],
  ['events without data', ['event: ping\n\n\n\n'], []],
  ['nothing', [], []],
])('reads %s', async (_, chunks, expected) => {
  expect(await dataOf(...chunks)).toEqual(expected);
});

it('reads a character that two pieces part', async () => {
  const [bytes, found] = [new TextEncoder().encode('data: é\n\n'), [] as string[]];
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes.slice(0, 7));
      controller.enqueue(bytes.slice(7));
      controller.close();
    },
  });
  for await (const data of sseData(stream)) found.push(data);
  expect(found).toEqual(['é']);
});
