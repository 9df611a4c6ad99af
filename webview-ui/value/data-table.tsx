import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Json, JsonObject } from '../../src/shared/json.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { oneLine } from '../text.ts';
import { BlobCell } from './blob-cell.tsx';
import { asBlob, cellText, compareCells } from './shape.ts';

const rowsPerPage = 100;
/** Rows that decide about the columns, and how many columns there may be: data of strangers can have a thousand fields. */
const rowsLookedAt = 200;
const columnLimit = 50;
const cellLimit = 300;

interface Sort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** Rows with columns that can be sorted, a page at a time. */
export function DataTable({ rows, label }: { readonly rows: readonly JsonObject[]; readonly label: string }) {
  const sort = useSignal<Sort | undefined>(undefined);
  const page = useSignal(0);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const sorted = useMemo(() => sortRows(rows, sort.value), [rows, sort.value]);
  const start = page.value * rowsPerPage;
  const onSort = (column: string) => {
    const { value } = sort;
    sort.value = { column, direction: value?.column === column && value.direction === 'ascending' ? 'descending' : 'ascending' };
    page.value = 0;
  };
  return (
    <div class="data">
      <div class="table-scroll" tabIndex={0} role="group" aria-label={label}>
        <table class="table">
          <thead>
            <tr>
              {columns.shown.map((column) => <HeadCell key={column} column={column} numeric={columns.numeric.has(column)} sort={sort.value} onSort={onSort} />)}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(start, start + rowsPerPage).map((row, i) => (
              <tr key={start + i}>
                {columns.shown.map((column) => <Cell key={column} value={row[column]} numeric={columns.numeric.has(column)} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {columns.hidden > 0 && <p class="hint">{l10n.t('{0} more columns are not shown here. Show the value as JSON to see them.', count(columns.hidden))}</p>}
      {rows.length > rowsPerPage && <Pager start={start} total={rows.length} onPage={(step) => (page.value += step)} />}
    </div>
  );
}

interface HeadCellProps {
  readonly column: string;
  readonly numeric: boolean;
  readonly sort: Sort | undefined;
  readonly onSort: (column: string) => void;
}

function HeadCell({ column, numeric, sort, onSort }: HeadCellProps) {
  const direction = sort?.column === column ? sort.direction : undefined;
  return (
    <th scope="col" class={numeric ? 'numeric' : ''} aria-sort={direction ?? 'none'}>
      <button type="button" class="sort" onClick={() => onSort(column)} title={l10n.t('Sort by {0}', oneLine(column, 200))}>
        <span class="sort-name">{oneLine(column, 60) || l10n.t('(no name)')}</span>
        <span class="sort-mark" aria-hidden="true">{direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : ''}</span>
      </button>
    </th>
  );
}

function Cell({ value, numeric }: { readonly value: Json | undefined; readonly numeric: boolean }) {
  const blob = value === undefined ? undefined : asBlob(value);
  if (blob) return <td><BlobCell blob={blob} /></td>;
  const text = cellText(value);
  const line = oneLine(text, cellLimit);
  return <td class={numeric ? 'numeric' : ''} {...(line.length > 30 ? { title: oneLine(text, 1000) } : {})}><bdi>{line}</bdi></td>;
}

interface PagerProps {
  readonly start: number;
  readonly total: number;
  readonly onPage: (step: 1 | -1) => void;
}

function Pager({ start, total, onPage }: PagerProps) {
  const end = Math.min(start + rowsPerPage, total);
  return (
    <nav class="pager" aria-label={l10n.t('Pages of the table')}>
      <button type="button" class="button icon-only" disabled={start === 0} onClick={() => onPage(-1)} aria-label={l10n.t('Previous rows')} title={l10n.t('Previous rows')}>
        <span class="flip"><Icon name="chevron" /></span>
      </button>
      <span aria-live="polite">{l10n.t('Rows {0} to {1} of {2}', count(start + 1), count(end), count(total))}</span>
      <button type="button" class="button icon-only" disabled={end === total} onClick={() => onPage(1)} aria-label={l10n.t('Next rows')} title={l10n.t('Next rows')}>
        <Icon name="chevron" />
      </button>
    </nav>
  );
}

function columnsOf(rows: readonly JsonObject[]): { readonly shown: readonly string[]; readonly hidden: number; readonly numeric: ReadonlySet<string> } {
  const sample = rows.slice(0, rowsLookedAt);
  const names = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  const shown = names.slice(0, columnLimit);
  const numeric = new Set(shown.filter((name) => sample.every((row) => row[name] === undefined || row[name] === null || typeof row[name] === 'number')));
  return { shown, hidden: names.length - shown.length, numeric };
}

function sortRows(rows: readonly JsonObject[], sort: Sort | undefined): readonly JsonObject[] {
  if (!sort) return rows;
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return rows.toSorted((a, b) => sign * compareCells(a[sort.column], b[sort.column]));
}
