import { AssassinError } from '../shared/errors.ts';
import type { FileTarget } from './files.ts';
import { decodeAny, type EncodedText, type TextEncoding } from './text-encoding.ts';
import { in1252 } from './windows-1252.ts';

const mark = '\ufeff';

/**
 * A text that is to stand in the place of what a file holds, in the same encoding and with the same byte order mark. `encoding` is what somebody has said
 * that the file is to be in, and then holds. Throws `invalid-input` for characters that it cannot be known how to write.
 */
export function inItsEncoding(file: Pick<FileTarget, 'shown'>, before: Uint8Array | undefined, text: string, encoding?: TextEncoding): EncodedText {
  const old = before === undefined || before.length === 0 ? undefined : decodeAny(before);
  const bare = text.startsWith(mark) ? text.slice(1) : text;
  if (encoding !== undefined) return said(file, text, bare, encoding);
  switch (old?.encoding) {
    case undefined:
      return { text, encoding: 'utf-8' };
    case 'windows-1252':
      return { text: known(file, bare, (character) => old.text.includes(character), 'does not stand in it yet'), encoding: old.encoding };
    case 'utf-8':
    case 'utf-16le':
    case 'utf-16be':
      return { text: old.text.startsWith(mark) ? mark + bare : text, encoding: old.encoding };
  }
}

function said(file: Pick<FileTarget, 'shown'>, text: string, bare: string, encoding: TextEncoding): EncodedText {
  if (encoding === 'windows-1252') return { text: known(file, bare, in1252, 'is no character of Windows-1252'), encoding };
  // UTF-16 without its mark could not be told from anything else.
  return { text: encoding === 'utf-8' ? text : mark + bare, encoding };
}

/**
 * A file with one byte a character does not say which characters. What stands in it already has its byte; what is new is known for ASCII only, and a guess would
 * put another character there.
 */
function known({ shown }: Pick<FileTarget, 'shown'>, text: string, has: (character: string) => boolean, why: string): string {
  const strange = [...new Set(text.match(/[^\u0000-\u007f]/gu) ?? [])].find((character) => !has(character));
  if (strange === undefined) return text;
  throw new AssassinError('invalid-input', `${shown} was not changed: it is not UTF-8 but has one byte a character, and ${JSON.stringify(strange)} ${why}.`, {
    hint: 'Write it without that character, say encoding "windows-1252" where the file is in it, or write the whole file with encoding "utf-8" where it may be converted.',
    data: { character: strange },
  });
}
