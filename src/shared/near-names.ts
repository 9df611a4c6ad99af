import { plain, slips } from './slips.ts';

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

/** The question to whoever wrote a name that is none; `undefined` where no name is near. */
export function didYouMean(near: readonly string[]): string | undefined {
  return near.length === 0 ? undefined : `Did you mean ${near.join(' or ')}?`;
}

function score(target: string, name: string): number {
  if (name === target) return 0;
  if (target.length > 2 && (name.includes(target) || target.includes(name))) return 1;
  return slips(target, name);
}
