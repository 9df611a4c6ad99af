/** The encodings that a file names by its first bytes, and UTF-8, which needs no name. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface EncodedText {
  /** With its byte order mark, if the file has one. */
  readonly text: string;
  readonly encoding: TextEncoding;
}

/**
 * Text whose bytes come out the same when it is written again. `undefined` for anything else: binary files, and encodings that cannot be told from
 * the bytes, such as Latin-1, which a guess would damage.
 */
export function decodeWhole(bytes: Uint8Array): EncodedText | undefined {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.subarray(0, 8192).includes(0)) return undefined;
  if (encoding !== 'utf-8' && bytes.length % 2 !== 0) return undefined;
  try {
    const text = new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'utf-16le', { fatal: true, ignoreBOM: true }).decode(encoding === 'utf-16be' ? swapped(bytes) : bytes);
    return { text, encoding };
  } catch {
    return undefined;
  }
}

export function encodeWhole({ text, encoding }: EncodedText): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16be' ? swapped(bytes) : bytes;
}

function encodingOf([first, second]: Uint8Array): TextEncoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes).swap16();
}
