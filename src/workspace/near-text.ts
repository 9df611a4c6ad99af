/** The part of a file that looks most like a text that was not found, with the numbers of its lines. */
export interface NearText {
  readonly line: number;
  readonly text: string;
}

const maxFileLines = 20_000;
const maxWantedLines = 40;
/** Of a line, in characters: what is longer was not written by a person. */
const maxLine = 500;
/** Pairs of lines that are compared where every place of the file is tried: a few milliseconds. */
const maxPairs = 20_000;
/** In a larger file, only places at which the longest words of the text stand are tried: that many words, hits of each, and places. */
const few = { words: 8, hits: 200, places: 40 } as const;
/** Below this share of common words it is another text. */
const leastLikeness = 0.3;

type Words = ReadonlySet<string>;

/** Takes some ten milliseconds at most, whatever the file: it is looked for while the editor waits. */
export function nearestText(text: string, wanted: string): NearText | undefined {
  const starts = lineStarts(text);
  const written = wanted.split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, maxWantedLines);
  if (written.length === 0) return undefined;
  const target = written.map(wordsOf);
  const lineAt = (at: number): string => text.slice(starts[at], starts[at + 1] === undefined ? text.length : starts[at + 1]! - 1).replace(/\r$/, '');
  const known: (Words | undefined)[] = [];
  const wordsAt = (at: number): Words => (known[at] ??= wordsOf(lineAt(at)));
  let best = { at: -1, likeness: leastLikeness };
  for (const at of starts.length * target.length <= maxPairs ? starts.keys() : likelyPlaces(text, starts, written)) {
    let sum = 0;
    for (let i = 0; i < target.length && at + i < starts.length; i++) sum += likeness(target[i]!, wordsAt(at + i));
    if (sum / target.length > best.likeness) best = { at, likeness: sum / target.length };
  }
  if (best.at < 0) return undefined;
  const shown = Array.from({ length: Math.min(target.length, starts.length - best.at) }, (_, i) => `${best.at + i + 1}: ${lineAt(best.at + i)}`);
  return { line: best.at + 1, text: shown.join('\n') };
}

/** Where the text would begin if one of its longest words stood in its line: the best first, rare words counting for more. */
function likelyPlaces(text: string, starts: readonly number[], written: readonly string[]): readonly number[] {
  const rows = new Map<string, number>();
  for (const [row, line] of written.entries()) for (const word of line.slice(0, maxLine).match(/\w+/g) ?? []) if (!rows.has(word)) rows.set(word, row);
  const longest = [...rows].toSorted(([a], [b]) => b.length - a.length).slice(0, few.words);
  const end = starts.length < maxFileLines ? text.length : starts.at(-1)!;
  const votes = new Map<number, number>();
  for (const [word, row] of longest) {
    const hits: number[] = [];
    for (let at = text.indexOf(word); at >= 0 && at < end && hits.length < few.hits; at = text.indexOf(word, at + word.length)) hits.push(at);
    for (const at of hits) {
      const place = Math.max(0, lineOf(starts, at) - row);
      votes.set(place, (votes.get(place) ?? 0) + 1 / hits.length);
    }
  }
  return [...votes].toSorted(([, a], [, b]) => b - a).slice(0, few.places).map(([place]) => place);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0 && starts.length < maxFileLines; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number, from 0, of the line that an offset lies in. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function wordsOf(line: string): Words {
  return new Set(line.slice(0, maxLine).match(/\w+|[^\s\w]/g) ?? []);
}

/** Dice's coefficient: shared words, twice, over all words. */
function likeness(a: Words, b: Words): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
