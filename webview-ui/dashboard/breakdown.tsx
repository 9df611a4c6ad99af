import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { BreakdownRow } from '../../src/shared/usage-report.ts';
import { count } from '../format.ts';
import { Chart } from './chart.tsx';
import { FigureTable, type FigureColumn } from './figure-table.tsx';
import { cacheShare, costText, metrics, shareText, timeText, type MetricName } from './metrics.ts';
import { Ranking } from './ranking.tsx';

/** Bars of one breakdown; the table has all its rows. */
const shownBars = 10;

export interface BreakdownProps {
  readonly title: string;
  /** What a row counts: runs, requests or calls. */
  readonly counted: string;
  readonly rows: readonly BreakdownRow[];
  /** The figures that such rows have. */
  readonly names: readonly MetricName[];
  readonly empty: string;
}

/** The same figures by chain, by model or by tool: the largest as bars, all of them in the table. */
export function Breakdown({ title, counted, rows, names, empty }: BreakdownProps) {
  const chosen = useSignal<MetricName>(names[0] ?? 'cost');
  const all = metrics();
  const metric = all[names.includes(chosen.value) ? chosen.value : (names[0] ?? 'cost')];
  if (rows.length === 0) return <section class="section"><h2>{title}</h2><p class="hint">{empty}</p></section>;
  const drawn = rows.toSorted((a, b) => (metric.value(b) ?? -Infinity) - (metric.value(a) ?? -Infinity)).slice(0, shownBars);
  return (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        <label class="pick">
          <span class="visually-hidden">{l10n.t('Figure to compare: {0}', title)}</span>
          <select class="picker pick-small" value={metric.name} onChange={(event) => (chosen.value = names.find((name) => name === event.currentTarget.value) ?? chosen.value)}>
            {names.map((name) => <option key={name} value={name}>{all[name].label}</option>)}
          </select>
        </label>
      </div>
      <Chart title={metric.label} name={l10n.t('{0}: {1}', title, metric.label)} table={() => <FigureTable label={title} rows={rows} columns={columnsFor(names, title, counted)} />}>
        <Ranking label={l10n.t('{0}: {1}', title, metric.label)} rows={drawn} metric={metric} />
        {rows.length > drawn.length && <p class="hint">{l10n.t('The {0} largest of {1}; the table has them all.', drawn.length, count(rows.length))}</p>}
      </Chart>
    </section>
  );
}

function columnsFor(names: readonly MetricName[], title: string, counted: string): readonly FigureColumn[] {
  const has = (name: MetricName) => names.includes(name);
  return [
    { title, cell: ({ name }) => name },
    { title: counted, cell: (row) => count(row.count) },
    { title: l10n.t('Errors'), cell: ({ errors }) => count(errors) },
    { title: 'p50', cell: ({ latency }) => timeText(latency.p50) },
    { title: 'p95', cell: ({ latency }) => timeText(latency.p95) },
    ...(has('tokens') ? [{ title: l10n.t('Read'), cell: (row: BreakdownRow) => count(row.inputTokens) }, { title: l10n.t('Written'), cell: (row: BreakdownRow) => count(row.outputTokens) }] : []),
    ...(has('cache') ? [{ title: l10n.t('Cache hits'), cell: (row: BreakdownRow) => shareText(cacheShare(row)) }] : []),
    ...(has('cost') ? [{ title: l10n.t('Cost'), cell: (row: BreakdownRow) => costText(row, true) }] : []),
    ...(has('saved') ? [{ title: l10n.t('Saved at list price'), cell: ({ savedNanoUsd }: BreakdownRow) => (savedNanoUsd === undefined ? '' : exactUsd(savedNanoUsd)) }] : []),
  ];
}
