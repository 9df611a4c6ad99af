import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../src/mcp/line-reader.ts';
import { clip, Tail } from '../../../src/mcp/tail.ts';

const read = (chunks: readonly Buffer[], max = 100) => {
  const reader = new LineReader(max);
  const lines: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (line) => lines.push(line));
  return [...lines, `rest:${reader.rest()}`];
};

describe('a stream of lines', () => {
  it('is the same however it is cut into chunks, inside characters too', () => {
    const bytes = Buffer.from('{"a":"äöü€😀"}\n\nsecond\r\nlast');
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      expect(read(chunks)).toEqual(['{"a":"äöü€😀"}', '', 'second', 'rest:last']);
    }
  });

  it('with a line longer than allowed is refused before the line has ended', () => {
    expect(read([Buffer.from(`${'x'.repeat(100)}\n`)])).toHaveLength(2);
    expect(() => read([Buffer.from('x'.repeat(60)), Buffer.from('x'.repeat(60))])).toThrow(RangeError);
    expect(() => read([Buffer.from(`${'x'.repeat(101)}\n`)])).toThrow(RangeError);
    const heard: string[] = [];
    expect(() => new LineReader(10).push(Buffer.from(`before\n${'x'.repeat(11)}\nafter\n`), (line) => heard.push(line))).toThrow(RangeError);
    expect(heard).toEqual(['before']);
  });
});

describe('the last words of a server', () => {
  it('are its last lines, shortened, without blank ones and control characters', () => {
    const tail = new Tail(2);
    for (const line of ['one', '', 'two', `\u001b[31mred\u001b[0m\u0007`]) tail.add(line);
    expect(tail.lines).toEqual(['two', 'red ']);
    expect(clip('x'.repeat(20), 5)).toBe('xxxxx...');
  });
});
