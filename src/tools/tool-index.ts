import type { Tool } from './tool.ts';

/** What a search looks at. */
export type IndexedTool = Pick<Tool, 'name' | 'title' | 'description' | 'inputSchema'>;

export interface ToolHit<T extends IndexedTool> {
  readonly tool: T;
  readonly score: number;
}

interface Entry<T> {
  readonly tool: T;
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** BM25 with its usual constants: k1 bends the gain of repeated words, b weighs the length of the text. */
const k1 = 1.2;
const b = 0.75;
/** A word of the name says more than one of the description. */
const nameWeight = 3;

/** Finds tools by words, best first. Built anew when the tools change: a thousand tools take a few milliseconds. */
export class ToolIndex<T extends IndexedTool> {
  readonly #entries: readonly Entry<T>[];
  readonly #found = new Map<string, number>();
  readonly #averageLength: number;

  constructor(tools: readonly T[]) {
    this.#entries = tools.map((tool) => {
      const properties = tool.inputSchema['properties'];
      const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties).join(' ') : '';
      const words = [...Array.from({ length: nameWeight }, () => wordsOf(`${tool.name} ${tool.title}`)).flat(), ...wordsOf(`${tool.description} ${fields}`)];
      const counts = new Map<string, number>();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const word of counts.keys()) this.#found.set(word, (this.#found.get(word) ?? 0) + 1);
      return { tool, counts, length: words.length };
    });
    this.#averageLength = this.#entries.reduce((sum, { length }) => sum + length, 0) / Math.max(1, this.#entries.length);
  }

  search(query: string, limit: number): readonly ToolHit<T>[] {
    const words = [...new Set(wordsOf(query))];
    return this.#entries
      .map((entry) => ({ tool: entry.tool, score: words.reduce((sum, word) => sum + this.#score(word, entry), 0) }))
      .filter(({ score }) => score > 0)
      .sort((x, y) => y.score - x.score || (x.tool.name < y.tool.name ? -1 : 1))
      .slice(0, limit);
  }

  #score(word: string, { counts, length }: Entry<T>): number {
    const count = counts.get(word) ?? 0;
    if (count === 0) return 0;
    const found = this.#found.get(word) ?? 0;
    const rarity = Math.log(1 + (this.#entries.length - found + 0.5) / (found + 0.5));
    return (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / this.#averageLength));
  }
}

/** `create_pullRequests` -> create, pull, request: names are written in every way, and plurals should not matter. */
function wordsOf(text: string): readonly string[] {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '') : word));
}
