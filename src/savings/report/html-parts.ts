const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** A figure of more characters, such as one with its parts in brackets, may take several lines: kept in one it would push others off the page. */
const longestFigure = 20;

/** Text, with the public page that it is from: a reader may go there, the report itself never does. */
export interface Sourced {
  readonly text: string;
  /** Host and path, without a scheme. */
  readonly source: string;
}

/** A table with a caption; cells are plain text, or text after a link to its source. One that is wider than the page is scrolled by keyboard too, which needs the focus. An empty one says so in a sentence. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly (string | Sourced)[])[], empty: string): string {
  if (rows.length === 0) return `<section><h2>${escapeHtml(caption)}</h2><p>${escapeHtml(empty)}</p></section>`;
  const side = (index: number, text = '') => (columns[index]?.align === 'right' ? ` class="number${text.length > longestFigure ? ' long' : ''}"` : '');
  const head = columns.map(({ title }, index) => `<th scope="col"${side(index)}>${escapeHtml(title)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell, index) => (index === 0 ? `<th scope="row">${contentOf(cell)}</th>` : `<td${side(index, typeof cell === 'string' ? cell : cell.text)}>${contentOf(cell)}</td>`)).join('')}</tr>`).join('\n');
  return `<section tabindex="0" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></section>`;
}

function contentOf(cell: string | Sourced): string {
  return typeof cell === 'string' ? escapeHtml(cell) : `<a href="https://${escapeHtml(cell.source)}" rel="noreferrer">${escapeHtml(cell.source)}</a>${escapeHtml(cell.text)}`;
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly shown: string;
}

/** Bars over a base line, negative ones below it. A picture for the eye alone: the same figures stand in a table, which screen readers get. */
export function barChart(title: string, bars: readonly Bar[]): string {
  if (bars.length < 2) return '';
  const width = 720;
  const height = 160;
  const top = Math.max(0, ...bars.map(({ value }) => value));
  const bottom = Math.min(0, ...bars.map(({ value }) => value));
  const scale = top === bottom ? 0 : (height - 8) / (top - bottom);
  const zero = 4 + top * scale;
  const step = width / bars.length;
  const shapes = bars.map(({ label, value, shown }, index) => {
    const size = Math.abs(value) * scale;
    return `<rect x="${(index * step + step * 0.1).toFixed(2)}" y="${(value < 0 ? zero : zero - size).toFixed(2)}" width="${(step * 0.8).toFixed(2)}" height="${size.toFixed(2)}"><title>${escapeHtml(`${label}: ${shown}`)}</title></rect>`;
  }).join('');
  return `<figure aria-hidden="true"><figcaption>${escapeHtml(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${shapes}<line x1="0" x2="${width}" y1="${zero.toFixed(2)}" y2="${zero.toFixed(2)}"/></svg><div class="ends"><span>${escapeHtml(bars[0]!.label)}</span><span>${escapeHtml(bars.at(-1)!.label)}</span></div></figure>`;
}
