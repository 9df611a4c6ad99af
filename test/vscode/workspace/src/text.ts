import { add } from './math.ts';

/** Takes nothing, so that it runs at a click. */
export function motto(): string {
  return 'Nothing outlives its run';
}

export async function count(words: readonly string[]): Promise<number> {
  return words.map((word) => word.length).reduce(add, 0);
}

function internal(): number {
  return 1;
}

export const doubled = internal() * 2;
