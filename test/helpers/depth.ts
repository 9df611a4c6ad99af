/** `ASSASSIN_TESTS=full npm test` tries every case of the large tables; without it a part of them, the same each time, so that the suite ends within minutes. */
export const everyCase = process.env['ASSASSIN_TESTS'] === 'full';

/** All of the cases where every case is wanted, and otherwise `keep` of them: the first, the last and others at even distances between. */
export function sampled<Case>(cases: readonly Case[], keep: number): readonly Case[] {
  if (everyCase || cases.length <= keep) return cases;
  return Array.from({ length: keep }, (_, i) => cases[Math.round((i * (cases.length - 1)) / (keep - 1))]!);
}
