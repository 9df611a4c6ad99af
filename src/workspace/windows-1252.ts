/** What 0x80 to 0x9F stand for; the five bytes that nothing is assigned to keep their number, as in the encoding standard of the web. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const bytesOf = new Map([...upper].map((character, index) => [character, 0x80 + index]));
/** Tab, line feed, form feed, carriage return, and the escape of coloured logs. */
const usual: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

/** Whether these bytes may be text in an encoding with one byte a character: pictures and archives have control bytes, which such text has not. */
export function isSingleByteText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || usual.has(byte));
}

/** Each byte as one character; `encode1252` gives exactly the same bytes again. */
export function decode1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replace(/[\u0080-\u009f]/g, (character) => upper[character.charCodeAt(0) - 0x80]!);
}

/** Whether the encoding has this character (one code point). */
export function in1252(character: string): boolean {
  return character.length === 1 && (bytesOf.has(character) || (character <= '\u00ff' && !/[\u0080-\u009f]/.test(character)));
}

/** The text must hold no other characters than `in1252` knows. */
export function encode1252(text: string): Uint8Array {
  return Buffer.from(Array.from(text, (character) => bytesOf.get(character) ?? character.charCodeAt(0)));
}
