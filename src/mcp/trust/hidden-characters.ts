/** Kinds of characters that a person does not see and a model may read. */
const kinds: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['letters of the Unicode tag block', /[\u{e0000}-\u{e007f}]/gu],
  ['marks that turn the direction of text', /[\u202a-\u202e\u2066-\u2069\u061c]/gu],
  ['control characters', /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu],
  ['letters without width', /\u034f|[\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/gu],
  // One after an emoji is how emoji are written; two in a row, or one after a letter, carry something else.
  ['selectors of variants that carry data', /[\u{e0100}-\u{e01ef}]|(?<![\p{Emoji}\u20e3])[\ufe00-\ufe0f]|[\ufe00-\ufe0f]{2,}/gu],
  // A joiner belongs between emoji, and in scripts that join their letters.
  ['letters without width', /(?<![\p{Emoji}\ufe0f\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}])\u200d/gu],
  ['letters of private use', /[\ue000-\uf8ff\u{f0000}-\u{10fffd}]/gu],
];

/** What is hidden in a text, each kind once; empty for a text that is what it looks like. */
export function hiddenIn(text: string): readonly string[] {
  // Almost every text is plain ASCII.
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return [];
  return [...new Set(kinds.filter(([, pattern]) => text.search(pattern) >= 0).map(([what]) => what))];
}

/** The same text with everything hidden written out, for people to read. */
export function visible(text: string): string {
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return text;
  return kinds.reduce((shown, [, pattern]) => shown.replace(pattern, (found) => [...found].map((char) => `\\u{${char.codePointAt(0)!.toString(16)}}`).join('')), text);
}
