/** The part of a file that looks most like a text that was not found, with the numbers of its lines. */
export interface NearText {
  readonly line: number;
  readonly text: string;
}

/** Beyond these the comparison would take longer than a person waits. */
const maxFileLines = 20_000;
const maxWantedLines = 40;
/** Below this share of common words it is another text. */
const leastLikeness = 0.3;

export function nearestText(text: string, wanted: string): NearText | undefined {
  const lines = text.split(/\r?\n/).slice(0, maxFileLines);
  const target = wanted.split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, maxWantedLines).map(wordsOf);
  if (target.length === 0) return undefined;
  const have = lines.map(wordsOf);
  let best = { at: -1, likeness: leastLikeness };
  for (let at = 0; at < have.length; at++) {
    let sum = 0;
    for (let i = 0; i < target.length && at + i < have.length; i++) sum += likeness(target[i]!, have[at + i]!);
    if (sum / target.length > best.likeness) best = { at, likeness: sum / target.length };
  }
  if (best.at < 0) return undefined;
  return { line: best.at + 1, text: lines.slice(best.at, best.at + target.length).map((line, i) => `${best.at + i + 1}: ${line}`).join('\n') };
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(line.match(/\w+|[^\s\w]/g) ?? []);
}

/** Dice's coefficient: shared words, twice, over all words. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
