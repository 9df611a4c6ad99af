import { displayWidth, pad, wrap } from '../text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Narrowest that it may become where the table is too wide for the screen. */
  readonly min?: number;
  /** Goes on in further lines instead of being cut. */
  readonly wrap?: boolean;
}

const gap = '  ';

/** Aligned columns, at most `width` wide: where they don't fit, the widest ones are cut first. Cells must be single safe lines. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly string[] {
  const widths = columns.map(({ title }, i) => Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ''))));
  shrink(widths, columns, width - gap.length * (columns.length - 1));
  const line = (cells: readonly string[]) => columns.map(({ align }, i) => pad(cells[i] ?? '', widths[i]!, align)).join(gap).trimEnd();
  return [line(columns.map(({ title }) => title)), widths.map((size) => '─'.repeat(size)).join(gap), ...rows.flatMap((row) => spread(row, columns, widths).map(line))];
}

/** A row as the lines that it takes. */
function spread(row: readonly string[], columns: readonly Column[], widths: readonly number[]): readonly (readonly string[])[] {
  const cells = columns.map((column, i) => (column.wrap ? wrap(row[i] ?? '', widths[i]!) : [row[i] ?? '']));
  return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, n) => cells.map((lines) => lines[n] ?? ''));
}

function shrink(widths: number[], columns: readonly Column[], available: number): void {
  let total = widths.reduce((sum, size) => sum + size, 0);
  while (total > available) {
    let widest = -1;
    for (let i = 0; i < widths.length; i++) if (widths[i]! > (columns[i]!.min ?? 3) && (widest < 0 || widths[i]! > widths[widest]!)) widest = i;
    if (widest < 0) return;
    widths[widest]! -= 1;
    total -= 1;
  }
}
