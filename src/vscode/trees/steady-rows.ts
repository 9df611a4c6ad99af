export interface SteadyRowsOptions<Row extends object> {
  readonly read: () => Promise<readonly Row[]>;
  /** What a row is known by, whatever else changes about it. */
  readonly keyOf: (row: Row, index: number) => string;
  /** Asks the editor to draw these rows anew; the whole list where there are none. */
  readonly draw: (rows: readonly Row[] | undefined) => void;
}

/**
 * The rows of a list that changes under the mouse. When the editor draws a whole list anew it forgets what the rows on the screen stand for until it has been told again, and a click on a button of one
 * reaches its command without the row: the command then asks which one was meant. So a list of the same rows is never drawn as a whole, and another list is at hand before the editor asks for it.
 */
export class SteadyRows<Row extends object> {
  readonly #options: SteadyRowsOptions<Row>;
  /** The editor knows rows by identity: what is new about one is written into it. */
  #rows: ReadonlyMap<string, Row> | undefined;
  #next: readonly Row[] | undefined;
  /** One reading after the other: what was read first must not be written over what was read last. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: SteadyRowsOptions<Row>) {
    this.#options = options;
  }

  /** For the editor, which asks what stands in the list. */
  list(): Promise<Row[]> {
    return this.#inTurn(async () => {
      const next = this.#next;
      this.#next = undefined;
      if (next) return [...next];
      try {
        return [...this.#adopt(await this.#options.read())];
      } catch (error) {
        // What the editor shows now is the error: rows that are drawn one by one would leave it there.
        this.#rows = undefined;
        throw error;
      }
    });
  }

  /** Something about the rows may have changed. */
  changed(): Promise<void> {
    return this.#inTurn(() => this.#draw());
  }

  /** Draws the whole list, read when the editor asks for it. */
  forget(): void {
    this.#rows = undefined;
    this.#next = undefined;
    this.#options.draw(undefined);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#reading.then(work);
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  async #draw(): Promise<void> {
    const before = this.#rows;
    // Nobody has looked at the list yet.
    if (before === undefined) return this.forget();
    let rows: readonly Row[];
    try {
      rows = this.#adopt(await this.#options.read());
    } catch {
      // The editor asks, and is told what is wrong.
      return this.forget();
    }
    const [keys, now] = [[...before.keys()], [...(this.#rows ?? before).keys()]];
    if (keys.length === now.length && now.every((key, index) => key === keys[index])) return rows.length > 0 ? this.#options.draw(rows) : undefined;
    this.#next = rows;
    this.#options.draw(undefined);
  }

  #adopt(read: readonly Row[]): readonly Row[] {
    const rows = new Map(read.map((row, index) => {
      const key = this.#options.keyOf(row, index);
      return [key, Object.assign(this.#rows?.get(key) ?? row, row)] as const;
    }));
    this.#rows = rows;
    return [...rows.values()];
  }
}
