/** A server that changes several things tells of each: it is asked once when it has said nothing for so long. */
const quietMs = 300;

/** Asks for a list again after a server has told that it has changed, unless it was asked meanwhile anyhow. */
export class Relisting {
  readonly #list: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(list: () => void) {
    this.#list = list;
  }

  /** It has changed. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#list, quietMs);
  }

  /** It is asked for now, or not wanted any more. */
  drop(): void {
    clearTimeout(this.#timer);
  }
}
