export interface RowCursor {
  readonly cursor: number;
  readonly total: number;
  /** Whole rows that fit. */
  readonly perScreen: number;
  readonly moveTo: (index: number) => void;
}

/** What the keys do that go through any list of rows, by the name of the key. `moveTo` is given places beyond both ends too. */
export function rowMoves({ cursor, total, perScreen, moveTo }: RowCursor): Readonly<Record<string, () => void>> {
  return {
    ArrowDown: () => moveTo(cursor + 1), ArrowUp: () => moveTo(cursor - 1),
    PageDown: () => moveTo(cursor + perScreen - 1), PageUp: () => moveTo(cursor - perScreen + 1),
    Home: () => moveTo(0), End: () => moveTo(total - 1),
  };
}

/** Scrolls no further than it takes for the whole row to be on the screen. */
export function revealRow(scroller: HTMLElement | null, index: number, rowHeight: number): void {
  if (!scroller) return;
  const top = index * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + rowHeight - scroller.clientHeight;
}
