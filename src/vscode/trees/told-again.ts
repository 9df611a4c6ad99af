/** The editor gathers changes for 200 ms before it draws a list anew. */
const gatherMs = 200;

/**
 * Rows whose children must be told twice. While a list is drawn anew the editor drops what it is just being told of a row below, and leaves that row open and empty. Such
 * rows are drawn once more when the list stands.
 */
export class ToldAgain<Node> {
  readonly #draw: (nodes: readonly Node[]) => void;
  readonly #late = new Set<Node>();
  /** Once for each time that the list is drawn: a row that takes long is not drawn without end. */
  readonly #drawn = new Set<Node>();
  #changedAt = -Infinity;
  #stands = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(draw: (nodes: readonly Node[]) => void) {
    this.#draw = draw;
  }

  /** The editor has been asked to draw the whole list. */
  changed(): void {
    this.#changedAt = performance.now();
    this.#stands = false;
    this.#drawn.clear();
  }

  /** It has been told what stands in the list. */
  listed(): void {
    this.#stands = true;
    this.#wait();
  }

  /** It has been told what is below a row. `asked`: when it wanted to know, by `performance.now()`. */
  told(node: Node, asked: number): void {
    if (asked > this.#changedAt + 2 * gatherMs || this.#drawn.has(node)) return;
    this.#late.add(node);
    this.#wait();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#late.clear();
  }

  #wait(): void {
    // A list that nobody sees is not asked for: whatever is below its rows is told when it is.
    if (this.#late.size === 0 || !this.#stands) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#stands) return;
      const nodes = [...this.#late];
      this.#late.clear();
      for (const node of nodes) this.#drawn.add(node);
      if (nodes.length > 0) this.#draw(nodes);
    }, 2 * gatherMs);
  }
}
