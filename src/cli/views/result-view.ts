import { isObject, type Json, type JsonObject } from '../../shared/json.ts';
import { displayWidth, oneLine, pad, safeLines, wrap } from '../text.ts';
import { renderTable } from './table.ts';

const maxRows = 40;
/** Of one field: an answer in words is shown whole, a page that somebody has put into a result is not. */
const maxFieldLines = 60;

/** A run's result for a person: rows as a table, fields as a list, anything else as JSON. */
export function renderResult(value: Json, width: number): readonly string[] {
  if (isRows(value)) return renderRows(value, width);
  if (isObject(value)) return renderFields(value, width);
  return typeof value === 'string' ? safeLines(value).split('\n') : safeLines(JSON.stringify(value, null, 2)).split('\n');
}

function renderFields(value: JsonObject, width: number): readonly string[] {
  const entries = Object.entries(value);
  const simple = entries.filter(([, item]) => !isRows(item));
  const nameWidth = Math.min(30, Math.max(0, ...simple.map(([name]) => displayWidth(oneLine(name)))));
  const lines = simple.flatMap(([name, item]) => {
    const all = fieldLines(item, Math.max(20, width - nameWidth - 2));
    const shown = all.length > maxFieldLines ? [...all.slice(0, maxFieldLines), `… and ${all.length - maxFieldLines} more lines; --json has them all`] : all;
    return shown.map((line, i) => `${i === 0 ? pad(oneLine(name), nameWidth) : ' '.repeat(nameWidth)}  ${line}`.trimEnd());
  });
  for (const [name, item] of entries) if (isRows(item)) lines.push(...(lines.length > 0 ? [''] : []), oneLine(name), ...renderRows(item, width));
  return lines;
}

function fieldLines(value: Json, width: number): readonly string[] {
  const text = Array.isArray(value) && value.every((item) => typeof item !== 'object') ? value.map(cell).join(', ') : typeof value === 'string' ? safeLines(value) : cell(value);
  return text.split('\n').flatMap((line) => (displayWidth(line) <= width ? [line] : wrapped(line, width)));
}

/** Keeps how far a line is moved in: lists and code stay what they are. */
function wrapped(line: string, width: number): readonly string[] {
  const indent = (/^ */.exec(line)?.[0] ?? '').slice(0, width / 2);
  return wrap(line.trimStart(), width - indent.length).map((part) => indent + part);
}

function renderRows(rows: readonly JsonObject[], width: number): readonly string[] {
  const names = [...new Set(rows.slice(0, maxRows).flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => ({ title: oneLine(name), align: rows.every((row) => row[name] === undefined || typeof row[name] === 'number') ? 'right' as const : 'left' as const }));
  const table = renderTable(columns, rows.slice(0, maxRows).map((row) => names.map((name) => cell(row[name]))), width);
  return rows.length > maxRows ? [...table, `… and ${rows.length - maxRows} more rows; --json has them all`] : table;
}

function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

function isRows(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
