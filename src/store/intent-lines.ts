import { crc32 } from 'node:zlib';

/** One value as a line that can be told from one that was cut or written over: its checksum, a space, its JSON. */
export function intentLine(value: unknown): Buffer {
  const json = JSON.stringify(value);
  return Buffer.from(`${sumOf(json)} ${json}\n`);
}

/** The values of a file from its beginning to the first line that is not whole: what follows was written earlier, or never to its end. */
export function* intentValues(text: string): Generator<unknown> {
  for (let from = 0; ; ) {
    const end = text.indexOf('\n', from);
    if (end < 0) return;
    const line = text.slice(from, end);
    const space = line.indexOf(' ');
    const json = line.slice(space + 1);
    if (space < 0 || line.slice(0, space) !== sumOf(json)) return;
    yield JSON.parse(json);
    from = end + 1;
  }
}

const sumOf = (json: string): string => crc32(json).toString(16);
