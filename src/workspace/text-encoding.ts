import { decode1252, encode1252, isSingleByteText } from './windows-1252.ts';

/** Those that a file names by its first bytes, UTF-8, which needs no name, and one that stands for all with one byte a character. */
export const textEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof textEncodings)[number];

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

/**
 * As `decodeWhole`, and text with one byte a character too. Which encoding that is cannot be told from the bytes: it is read as Windows-1252, whatever it
 * is, and written again byte for byte as long as nobody adds characters that it does not have.
 */
export function decodeAny(bytes: Uint8Array): EncodedText | undefined {
  return decodeWhole(bytes) ?? (encodingOf(bytes) === 'utf-8' && isSingleByteText(bytes) ? { text: decode1252(bytes), encoding: 'windows-1252' } : undefined);
}

export function encodeWhole({ text, encoding }: EncodedText): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'windows-1252') return encode1252(text);
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16be' ? swapped(bytes) : bytes;
}

function encodingOf([first, second]: Uint8Array): Exclude<TextEncoding, 'windows-1252'> {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes).swap16();
}
