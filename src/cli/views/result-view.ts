import { isObject, type Json, type JsonObject } from '../../shared/json.ts';
import { clip, displayWidth, oneLine, pad, safeLines } from '../text.ts';
import { renderTable } from './table.ts';

const maxRows = 40;

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
  const lines = simple.map(([name, item]) => `${pad(oneLine(name), nameWidth)}  ${clip(cell(item), width - nameWidth - 2)}`);
  for (const [name, item] of entries) if (isRows(item)) lines.push(...(lines.length > 0 ? [''] : []), oneLine(name), ...renderRows(item, width));
  return lines;
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
