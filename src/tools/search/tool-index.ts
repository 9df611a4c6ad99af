import { setImmediate } from 'node:timers/promises';
import { PostingsBuilder, type Postings } from './postings.ts';
import { termsOf } from './terms.ts';
import { fields, fieldsOf, partsOf, type IndexedTool } from './tool-text.ts';

export interface ToolHit<T extends IndexedTool> {
  readonly tool: T;
  /** Comparable within one search only. */
  readonly score: number;
}

/** Tools that are read before the event loop gets its turn. */
const atOnce = 250;

/**
 * Finds tools by words, best first: BM25 over several texts of each tool. A name that is asked for as it is written comes before everything.
 * A question of several sentences is taken apart, since one sentence may say exactly what is wanted while the others tell the story: what
 * fits the whole and what fits its best sentence count alike.
 */
export class ToolIndex<T extends IndexedTool> {
  readonly #tools: readonly T[];
  readonly #names: ReadonlyMap<string, readonly number[]>;
  readonly #postings: Postings;
  readonly #scores: Float32Array;

  /** Takes about 20 microseconds a tool, in short pieces: the host goes on meanwhile. */
  static async build<T extends IndexedTool>(tools: readonly T[]): Promise<ToolIndex<T>> {
    const texts: (readonly (readonly string[])[])[] = [];
    for (let i = 0; i < tools.length; i++) {
      if (i > 0 && i % atOnce === 0) await setImmediate();
      texts.push(fieldsOf(tools[i]!));
    }
    const averages = fields.map((_, field) => texts.reduce((sum, text) => sum + text[field]!.length, 0) / Math.max(1, texts.length));
    const builder = new PostingsBuilder();
    for (let i = 0; i < texts.length; i++) {
      if (i > 0 && i % (atOnce * 4) === 0) await setImmediate();
      builder.add(i, weightsOf(texts[i]!, averages));
    }
    return new ToolIndex(tools, builder.finish(texts.length));
  }

  private constructor(tools: readonly T[], postings: Postings) {
    this.#tools = tools;
    this.#postings = postings;
    this.#scores = new Float32Array(tools.length);
    const names = new Map<string, number[]>();
    for (const [i, { name }] of tools.entries()) {
      for (const spelling of new Set([plain(name), plain(partsOf(name).short)])) {
        const places = names.get(spelling);
        if (places === undefined) names.set(spelling, [i]);
        else places.push(i);
      }
    }
    this.#names = names;
  }

  get size(): number {
    return this.#tools.length;
  }

  /** Whether it was built of tools that say the same; comparing is far cheaper than building. */
  holds(tools: readonly T[]): boolean {
    return tools.length === this.#tools.length && tools.every((tool, i) => sameTexts(tool, this.#tools[i]!));
  }

  /** With `fits`, only among the tools for which it is true: what is left out afterwards would have taken the place of others. */
  search(query: string, limit: number, fits: (tool: T) => boolean = () => true): readonly ToolHit<T>[] {
    const sentences = query.split(/[.;!?\n]+/).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
    const scores = this.#score(query);
    const total = sentences.length < 2 ? scores : this.#withBestSentence(scores, sentences);
    const isFit = (i: number) => fits(this.#tools[i]!);
    const exact = (this.#names.get(plain(query)) ?? []).filter(isFit);
    const top = highest(total, limit, isFit);
    const order = [...exact, ...top.filter((i) => !exact.includes(i))].slice(0, limit);
    return order.map((i) => ({ tool: this.#tools[i]!, score: total[i]! }));
  }

  /** One list for several questions, such as the steps of a plan: the best of each first, then the second ones, and so on; none twice. */
  searchAll(queries: readonly string[], limit: number, fits?: (tool: T) => boolean): readonly ToolHit<T>[] {
    const lists = queries.map((query) => this.search(query, limit, fits));
    const hits = new Map<T, ToolHit<T>>();
    for (let rank = 0; rank < limit; rank++) {
      for (const list of lists) {
        const hit = list[rank];
        if (hit && !hits.has(hit.tool)) hits.set(hit.tool, hit);
      }
    }
    return [...hits.values()].slice(0, limit);
  }

  #withBestSentence(whole: Float32Array, sentences: readonly string[]): Float32Array {
    const total = scaled(whole);
    const best = new Float32Array(total.length);
    for (const sentence of sentences) {
      const scores = scaled(this.#score(sentence));
      for (let i = 0; i < best.length; i++) if (scores[i]! > best[i]!) best[i] = scores[i]!;
    }
    for (let i = 0; i < total.length; i++) total[i]! += best[i]!;
    return total;
  }

  #score(query: string): Float32Array {
    const { terms, starts, documents, gains } = this.#postings;
    const scores = this.#scores.fill(0);
    for (const term of new Set(termsOf(query))) {
      const number = terms.get(term);
      if (number === undefined) continue;
      for (let at = starts[number]!, end = starts[number + 1]!; at < end; at++) scores[documents[at]!]! += gains[at]!;
    }
    return scores;
  }
}

/** Schemas are compared by identity: whoever reads a definition anew makes a new one. */
function sameTexts(a: IndexedTool, b: IndexedTool): boolean {
  return a === b || (a.name === b.name && a.title === b.title && a.description === b.description && a.inputSchema === b.inputSchema);
}

function weightsOf(texts: readonly (readonly string[])[], averages: readonly number[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const [field, terms] of texts.entries()) {
    const { weight, lengthEffect } = fields[field]!;
    const each = weight / (1 - lengthEffect + (lengthEffect * terms.length) / Math.max(1, averages[field]!));
    for (const term of terms) weights.set(term, (weights.get(term) ?? 0) + each);
  }
  return weights;
}

/** So that the best has 1; a copy. */
function scaled(scores: Float32Array): Float32Array {
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  return most === 0 ? scores.slice() : scores.map((score) => score / most);
}

/** Places of the highest scores above zero that fit, best first; of equals the first. Keeps only `limit` of them in order while it looks. */
function highest(scores: Float32Array, limit: number, isFit: (place: number) => boolean): readonly number[] {
  const top: number[] = [];
  let least = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score <= least || !isFit(i)) continue;
    let at = top.length;
    while (at > 0 && scores[top[at - 1]!]! < score) at -= 1;
    top.splice(at, 0, i);
    if (top.length > limit) top.pop();
    if (top.length === limit) least = scores[top[limit - 1]!]!;
  }
  return top;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
