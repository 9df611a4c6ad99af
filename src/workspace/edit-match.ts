import { linesOf, plain, type FileLines } from './file-lines.ts';

export interface LineMatch {
  readonly text: string;
  readonly how: 'whitespace' | 'anchored';
  readonly line: number;
}

/** More than one place would do, and nobody said which. */
export interface Ambiguous {
  readonly lines: readonly number[];
}

/** Share of the lines between the anchors that must be the same for them to mean the same place. */
const anchoredLikeness = 0.6;

/** Finds whole lines that are the same but for white space. */
export function tolerantMatch({ lines: file, plain: have }: FileLines, oldText: string, newText: string): LineMatch | Ambiguous | undefined {
  const old = trimmedBlock(linesOf(oldText));
  if (old.length === 0) return undefined;
  const wanted = old.map(plain);
  const starts: number[] = [];
  for (let at = 0; at + wanted.length <= have.length; at++) if (wanted.every((line, i) => have[at + i] === line)) starts.push(at);
  const [start] = starts;
  if (start === undefined) return undefined;
  if (starts.length > 1) return { lines: starts.map((at) => at + 1) };
  return { text: spliced(file, start, start + old.length, old, newText), how: 'whitespace', line: start + 1 };
}

/** Finds a block by its first and last line, where most of what lies between is the same and no other block would do. */
export function anchoredMatch({ lines: file, plain: have }: FileLines, oldText: string, newText: string): LineMatch | undefined {
  const old = trimmedBlock(linesOf(oldText));
  if (old.length < 4) return undefined;
  const wanted = old.map(plain);
  const inner = wanted.slice(1, -1);
  const slack = Math.max(1, Math.floor(old.length / 5));
  const found: (readonly [start: number, end: number])[] = [];
  for (let start = 0; start < have.length; start++) {
    if (have[start] !== wanted[0]) continue;
    for (let end = start + old.length - 1 - slack; end <= start + old.length - 1 + slack; end++) {
      if (end <= start || have[end] !== wanted.at(-1)) continue;
      const between = have.slice(start + 1, end);
      const same = inner.filter((line) => between.includes(line)).length;
      if (same / Math.max(inner.length, between.length) >= anchoredLikeness) found.push([start, end + 1]);
    }
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  return { text: spliced(file, only[0], only[1], old, newText), how: 'anchored', line: only[0] + 1 };
}

/** Puts the new lines in place of `file[start..end)`, in the indentation that the file has; lines that stay the same keep their spelling. */
function spliced(file: readonly string[], start: number, end: number, old: readonly string[], newText: string): string {
  const replacedLines = file.slice(start, end);
  const eol = /\r?\n$/.exec(replacedLines[0] ?? '')?.[0] ?? '\n';
  const fileIndent = indentOf(replacedLines.find((line) => line.trim() !== '') ?? '');
  const oldIndent = indentOf(old.find((line) => line.trim() !== '') ?? '');
  const fresh = trimmedBlock(linesOf(newText)).map((line) => {
    const bare = line.replace(/\r?\n$/, '');
    return `${bare.startsWith(oldIndent) && bare.trim() !== '' ? fileIndent + bare.slice(oldIndent.length) : bare}${eol}`;
  });
  let head = 0;
  while (head < fresh.length && head < replacedLines.length && plain(fresh[head]!) === plain(replacedLines[head]!)) head += 1;
  let tail = 0;
  while (tail < fresh.length - head && tail < replacedLines.length - head && plain(fresh.at(-1 - tail)!) === plain(replacedLines.at(-1 - tail)!)) tail += 1;
  const result = [...replacedLines.slice(0, head), ...fresh.slice(head, fresh.length - tail), ...replacedLines.slice(replacedLines.length - tail)];
  // The last line of the file may have no line end, and then its successor has none either.
  if (end === file.length && !(file.at(-1) ?? '').endsWith('\n') && result.length > 0) result[result.length - 1] = result.at(-1)!.replace(/\r?\n$/, '');
  return [...file.slice(0, start), ...result, ...file.slice(end)].join('');
}

/** Without blank lines at both ends: models add and drop them. */
function trimmedBlock(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
