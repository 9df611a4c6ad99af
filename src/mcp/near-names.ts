/** Names that somebody who wrote `wanted` may have meant, best first, at most three. Letter case and separators do not count. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const target = plain(wanted);
  const limit = Math.max(2, Math.floor(target.length / 3));
  return names
    .map((name) => ({ name, score: score(target, plain(name)) }))
    .filter(({ score }) => score <= limit)
    .sort((a, b) => a.score - b.score)
    .slice(0, 3)
    .map(({ name }) => name);
}

function score(target: string, name: string): number {
  if (name === target) return 0;
  if (target.length > 2 && (name.includes(target) || target.includes(name))) return 1;
  return distance(target, name);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
