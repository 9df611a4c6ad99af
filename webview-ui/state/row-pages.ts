import { batch, signal } from '@preact/signals';

export interface RowAnswer<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** A long list of which only what is near the screen is held: pages of rows, asked for when they come into sight. */
export class RowPages<Row> {
  readonly pages = signal<ReadonlyMap<number, readonly Row[]>>(new Map());
  /** `undefined` before the first answer. */
  readonly total = signal<number | undefined>(undefined);
  readonly #ask: (offset: number, limit: number) => Promise<RowAnswer<Row>>;
  readonly #size: number;
  #first = 0;
  #last: number;
  /** Answers to an older question describe other rows under the same numbers. */
  #generation = 0;
  readonly #asked = new Set<number>();

  constructor(ask: (offset: number, limit: number) => Promise<RowAnswer<Row>>, size = 100) {
    this.#ask = ask;
    this.#size = size;
    this.#last = size;
  }

  row(index: number): Row | undefined {
    return this.pages.value.get(Math.floor(index / this.#size))?.[index % this.#size];
  }

  /** Tells which rows are on the screen; loads what is missing of them. */
  async view(first: number, last: number): Promise<void> {
    this.#first = first;
    this.#last = last;
    const total = this.total.value;
    if (total === undefined) return;
    await Promise.all(this.#wanted().filter((page) => !this.pages.value.has(page) && page * this.#size < total && !this.#asked.has(page)).map((page) => this.#load(page)));
  }

  /** Reads anew what is on the screen. */
  async refresh(): Promise<void> {
    const generation = ++this.#generation;
    this.#asked.clear();
    const wanted = this.#wanted();
    const answers = await Promise.all(wanted.map((page) => this.#ask(page * this.#size, this.#size)));
    if (generation !== this.#generation) return;
    batch(() => {
      this.pages.value = new Map(wanted.map((page, i) => [page, answers[i]!.rows]));
      this.total.value = answers.at(-1)?.total ?? 0;
    });
    await this.view(this.#first, this.#last);
  }

  /** Begins again at the top, as for another question. */
  async restart(): Promise<void> {
    this.#first = 0;
    this.#last = this.#size;
    await this.refresh();
  }

  #wanted(): readonly number[] {
    const first = Math.floor(this.#first / this.#size);
    const last = Math.floor(Math.max(this.#first, this.#last) / this.#size);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  async #load(page: number): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const { rows } = await this.#ask(page * this.#size, this.#size);
      if (generation !== this.#generation) return;
      // Only what is near the screen stays: scrolling through a long list must not fill the memory.
      const near = new Set(this.#wanted().flatMap((at) => [at - 1, at, at + 1]));
      this.pages.value = new Map([...[...this.pages.value].filter(([at]) => near.has(at)), [page, rows]]);
    } finally {
      this.#asked.delete(page);
    }
  }
}
