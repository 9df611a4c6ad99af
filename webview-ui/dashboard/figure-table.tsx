import * as l10n from '@vscode/l10n';
import type { BreakdownRow } from '../../src/shared/usage-report.ts';
import { oneLine } from '../text.ts';

export interface FigureColumn {
  readonly title: string;
  readonly cell: (row: BreakdownRow) => string;
  /** Of all rows together, where there is such a figure. */
  readonly total?: string;
}

/** Rows of a breakdown: the first column names them, the others are figures. Money is written with every digit, so that a column can be added up. */
export function FigureTable({ label, rows, columns: [first, ...columns] }: { readonly label: string; readonly rows: readonly BreakdownRow[]; readonly columns: readonly FigureColumn[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{first?.title}</th>
            {columns.map(({ title }) => <th key={title} scope="col" class="numeric">{title}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={oneLine(row.name, 1000)}><bdi>{oneLine(first?.cell(row) ?? '', 120)}</bdi></th>
              {columns.map(({ title, cell }) => <td key={title} class="numeric">{cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {columns.some(({ total }) => total !== undefined) && (
          <tfoot>
            <tr>
              <th scope="row">{l10n.t('All')}</th>
              {columns.map(({ title, total }) => <td key={title} class="numeric">{total ?? ''}</td>)}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
