/** Pages that may be open at a time: each is a process of some 20 MB and more. */
export const maxPages = 20;

/** Ids of pages, `p1` and on, as long as there is room. A page that is still on its way takes its place already: of sixty windows that a script opens at once, none has come when the last is asked about. */
export class PageIds {
  readonly #open: () => number;
  readonly #coming = new Set<string>();
  #given: number;

  /** @param open how many are there @param given ids that were given out elsewhere */
  constructor(open: () => number, given = 0) {
    this.#open = open;
    this.#given = given;
  }

  /** `undefined` where there is no room for another page. `settled` must follow. */
  next(): string | undefined {
    if (this.#open() + this.#coming.size >= maxPages) return undefined;
    const id = `p${++this.#given}`;
    this.#coming.add(id);
    return id;
  }

  /** It counts as open from now on, or did not come to be. */
  settled(id: string): void {
    this.#coming.delete(id);
  }
}
