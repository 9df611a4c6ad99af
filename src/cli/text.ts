const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
// C0, DEL, C1, line separators, and the marks that turn the direction of the text around.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const wide = /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** One line that is safe to print: text of strangers must not move the cursor, recolour the terminal or end a line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\t]+\s*/g, ' ').replaceAll(unsafe, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Like `oneLine` for every line of a text; line breaks stay. */
export function safeLines(text: string): string {
  return text.split(/\r?\n/).map((line) => oneLine(line.replaceAll('\t', '  '))).join('\n');
}

/** Second of a moment in ms since 1970, as `2026-11-23 08:30:00`: the caller says UTC where nothing else does. */
export const utcTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** Second of a moment in ms since 1970 on the clock of this computer, as `2026-11-23 08:30:00`. */
export const localTime = (at: number): string => new Date(at).toLocaleString('sv-SE', { hour12: false });

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  // Almost every text is plain ASCII: no need to look at it character by character.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += noWidth.test(segment) ? 0 : wide.test(segment) || segment.includes('\ufe0f') ? 2 : 1;
  return width;
}

/** Cut to `width` columns with an ellipsis at the end. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const size = displayWidth(segment);
    if (used + size > width - 1) break;
    out += segment;
    used += size;
  }
  return width < 1 ? '' : `${out}…`;
}

/** Exactly `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = clip(text, width);
  const gap = ' '.repeat(Math.max(0, width - displayWidth(shown)));
  return align === 'left' ? shown + gap : gap + shown;
}

/** Stands for a space at which no line is broken. */
const glue = '\u0000';

/** A flag with its quoted value stays on one line where it can: people copy it from there. */
function keepFlags(text: string, width: number): string {
  return text.replaceAll(/--[\w-]+ "[^"]*"/g, (flag) => (displayWidth(flag) <= width ? flag.replaceAll(' ', glue) : flag));
}

/** Lines of at most `width` columns, broken between words; a longer word is cut into pieces. */
export function wrap(text: string, width: number): readonly string[] {
  return wrapWords(keepFlags(text, width), width).map((line) => line.replaceAll(glue, ' '));
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((item) => pieces(item, width))) {
    if (line === '') line = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const { segment } of segmenter.segment(word)) {
    const size = displayWidth(segment);
    if (used + size > width && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += segment;
    used += size;
  }
  return [...parts, part];
}
