import { displayWidth, pad, wrap } from '../text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Narrowest that it may become where the table is too wide for the screen; figures are never cut, nor is what is `whole`. */
  readonly min?: number;
  /** Cut it would be of no use: an id or an address that is copied, a time. */
  readonly whole?: boolean;
  /** Goes on in further lines instead of being cut. */
  readonly wrap?: boolean;
}

const gap = '  ';

/** Narrowest that text becomes where nothing else was said: fewer letters of a word tell nobody what it is. */
const readable = 8;

/**
 * Aligned columns, at most `width` wide: where they don't fit, the widest ones are cut first. On a screen that is too narrow even so,
 * each row becomes a few lines of its own. Cells must be single safe lines.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly string[] {
  const contents = columns.map((_, i) => Math.max(0, ...rows.map((row) => displayWidth(row[i] ?? ''))));
  const widths = columns.map(({ title }, i) => Math.max(displayWidth(title), contents[i]!));
  const least = columns.map(({ align, min, whole }, i) => (whole === true || align === 'right' ? contents[i]! : Math.min(widths[i]!, min ?? readable)));
  if (!shrink(widths, least, width - gap.length * (columns.length - 1))) return rows.flatMap((row) => block(columns, row, width));
  const line = (cells: readonly string[]) => columns.map(({ align }, i) => pad(cells[i] ?? '', widths[i]!, align)).join(gap).trimEnd();
  return [line(columns.map(({ title }) => title)), widths.map((size) => '─'.repeat(size)).join(gap), ...rows.flatMap((row) => spread(row, columns, widths).map(line))];
}

/** A row as the lines that it takes. */
function spread(row: readonly string[], columns: readonly Column[], widths: readonly number[]): readonly (readonly string[])[] {
  const cells = columns.map((column, i) => (column.wrap ? wrap(row[i] ?? '', widths[i]!) : [row[i] ?? '']));
  return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, n) => cells.map((lines) => lines[n] ?? ''));
}

/** A row below each other: its first cell, then each further one that says something with its title. */
function block(columns: readonly Column[], [head = '', ...cells]: readonly string[], width: number): readonly string[] {
  const named = columns.slice(1).map(({ title }, i) => ({ title, text: cells[i] ?? '' })).filter(({ text }) => text !== '');
  const label = Math.max(0, ...columns.slice(1).map(({ title }) => displayWidth(title)));
  return [...wrap(head, width), ...named.flatMap(({ title, text }) => wrap(text, Math.max(readable, width - label - 2 * gap.length)).map((part, i) => `${gap}${pad(i === 0 ? title : '', label)}${gap}${part}`))];
}

/** False where they do not fit. */
function shrink(widths: number[], least: readonly number[], available: number): boolean {
  let total = widths.reduce((sum, size) => sum + size, 0);
  while (total > available) {
    let widest = -1;
    for (let i = 0; i < widths.length; i++) if (widths[i]! > least[i]! && (widest < 0 || widths[i]! > widths[widest]!)) widest = i;
    if (widest < 0) return false;
    widths[widest]! -= 1;
    total -= 1;
  }
  return true;
}
