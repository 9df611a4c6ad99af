/** BM25's usual constant: how soon further occurrences of a word stop counting. */
const k1 = 1.2;

/** Which documents hold a term, and how much it counts in each, as flat arrays: a hundred thousand small objects would cost ten times the memory. */
export interface Postings {
  readonly terms: ReadonlyMap<string, number>;
  /** Entries of term `t` lie from `starts[t]` up to `starts[t + 1]`. */
  readonly starts: Uint32Array;
  readonly documents: Uint32Array;
  /** How much the term counts for the document, its rarity included. */
  readonly gains: Float32Array;
}

/** Collects occurrences document by document; `finish` sorts them by term. */
export class PostingsBuilder {
  readonly #terms = new Map<string, number>();
  #termOf = new Uint32Array(1 << 12);
  #documentOf = new Uint32Array(1 << 12);
  #weightOf = new Float32Array(1 << 12);
  #size = 0;

  /** `weights`: each term of one document with the sum of its weights, corrected for the lengths of the texts. */
  add(document: number, weights: ReadonlyMap<string, number>): void {
    if (this.#size + weights.size > this.#termOf.length) this.#grow(this.#size + weights.size);
    for (const [term, weight] of weights) {
      let number = this.#terms.get(term);
      if (number === undefined) this.#terms.set(term, (number = this.#terms.size));
      this.#termOf[this.#size] = number;
      this.#documentOf[this.#size] = document;
      this.#weightOf[this.#size] = weight;
      this.#size += 1;
    }
  }

  finish(documentCount: number): Postings {
    const starts = new Uint32Array(this.#terms.size + 1);
    for (let i = 0; i < this.#size; i++) starts[this.#termOf[i]! + 1]! += 1;
    for (let t = 1; t < starts.length; t++) starts[t]! += starts[t - 1]!;
    const next = starts.slice();
    const documents = new Uint32Array(this.#size);
    const gains = new Float32Array(this.#size);
    for (let i = 0; i < this.#size; i++) {
      const term = this.#termOf[i]!;
      const at = next[term]!;
      next[term] = at + 1;
      const found = starts[term + 1]! - starts[term]!;
      const rarity = Math.log(1 + (documentCount - found + 0.5) / (found + 0.5));
      const weight = this.#weightOf[i]!;
      documents[at] = this.#documentOf[i]!;
      gains[at] = (rarity * weight * (k1 + 1)) / (weight + k1);
    }
    return { terms: this.#terms, starts, documents, gains };
  }

  #grow(wanted: number): void {
    const size = Math.max(wanted, this.#termOf.length * 2);
    this.#termOf = resized(new Uint32Array(size), this.#termOf);
    this.#documentOf = resized(new Uint32Array(size), this.#documentOf);
    this.#weightOf = resized(new Float32Array(size), this.#weightOf);
  }
}

function resized<T extends Uint32Array | Float32Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
