import { AssassinError } from '../shared/errors.ts';
import { maxFileBytes, openFile, refusePdf, type FileTarget } from './files.ts';

/** In bytes; even, so that no character of UTF-16 is cut. */
const chunkBytes = 256 * 1024;

/** Some lines of a large file as they stand there, the byte order mark of the file before them if it has one. */
export interface LargeFileLines {
  readonly bytes: Uint8Array;
  /** The last line that was given; less than was asked for where the file ends before. */
  readonly to: number;
}

/**
 * Reads some lines, from 1, of a file that is too large to be read whole, and no more of it than up to the last of them. `undefined`: it is not too large.
 * Throws as `readBytes`, `invalid-input` where the file has no such lines or they are more than 4 MiB, and what `signal` says.
 */
export async function readLargeFileLines(target: FileTarget, from: number, to: number | undefined, signal: AbortSignal): Promise<LargeFileLines | undefined> {
  await using file = await openFile(target);
  if ((await file.stat()).size <= maxFileBytes) return undefined;
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let mark: Buffer = Buffer.alloc(0);
  let line = 1;
  let lineEnd: (chunk: Buffer, at: number) => number = afterByte;
  for (let first = true; ; first = false) {
    signal.throwIfAborted();
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    if (first) {
      refusePdf(target.shown, chunk);
      mark = markOf(chunk);
      if (mark.length === 2) lineEnd = afterPair(mark[0] === 0xff ? newLineLittle : newLineBig);
    }
    let start = line >= from ? 0 : -1;
    for (let at = lineEnd(chunk, 0); at !== -1; at = lineEnd(chunk, at)) {
      line += 1;
      if (line === from) start = at;
      if (to === undefined || line <= to) continue;
      kept.push(chunk.subarray(start, at - (mark.length === 2 ? 2 : 1)));
      return { bytes: joined(mark, kept), to };
    }
    if (start === -1) continue;
    kept.push(chunk.subarray(start));
    keptBytes += bytesRead - start;
    if (keptBytes > maxFileBytes) throw new AssassinError('invalid-input', `Lines ${from} to ${to ?? 'the last'} of ${target.shown} have more than the ${maxFileBytes} bytes of one read.`, { hint: 'Name fewer lines.' });
  }
  if (line < from) throw noSuchLines(target, line);
  return { bytes: joined(mark, kept), to: line };
}

export function noSuchLines({ shown }: Pick<FileTarget, 'shown'>, lines: number): AssassinError {
  return new AssassinError('invalid-input', `${shown} has only ${lines} line${lines === 1 ? '' : 's'}.`, { hint: 'Name lines that are there.' });
}

const newLineLittle = Buffer.from([0x0a, 0]);
const newLineBig = Buffer.from([0, 0x0a]);

/** Where the next line begins, -1 where none does in this chunk. */
function afterByte(chunk: Buffer, at: number): number {
  const found = chunk.indexOf(0x0a, at);
  return found === -1 ? -1 : found + 1;
}

/** As `afterByte`, in UTF-16: the same two bytes may be halves of two characters. */
function afterPair(pair: Buffer): typeof afterByte {
  return (chunk, at) => {
    let found = chunk.indexOf(pair, at);
    while (found !== -1 && found % 2 !== 0) found = chunk.indexOf(pair, found + 1);
    return found === -1 ? -1 : found + 2;
  };
}

/** The byte order mark of UTF-16 (two bytes) or UTF-8 (three), else nothing. */
function markOf(chunk: Buffer): Buffer {
  const marks = [[0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]];
  return chunk.subarray(0, marks.find((mark) => mark.every((byte, i) => chunk[i] === byte))?.length ?? 0);
}

/** The first line of the file has the mark already. */
function joined(mark: Buffer, kept: readonly Buffer[]): Uint8Array {
  const bytes = Buffer.concat(kept);
  return bytes.subarray(0, mark.length).equals(mark) ? bytes : Buffer.concat([mark, bytes]);
}
