import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { BreakdownRow, MarkedCost, UsageReport } from '../../src/shared/usage-report.ts';
import { count } from '../format.ts';
import { BarChart } from './bar-chart.tsx';
import { Chart } from './chart.tsx';
import { FigureTable, type FigureColumn } from './figure-table.tsx';
import { cacheShare, costText, metricNames, metrics, shareText, timeText, type Metric, type MetricName } from './metrics.ts';
import { periodsOf, type Period } from './periods.ts';

/** Each figure over the days of the report, or over its months where that would be too many bars. */
export function PeriodCharts({ report, since, until }: { readonly report: UsageReport; readonly since: string | undefined; readonly until: string }) {
  const periods = useMemo(() => periodsOf(report, since, until), [report, since, until]);
  const all = metrics();
  const shown = metricNames.filter((name) => name !== 'saved' || report.saving !== undefined);
  return (
    <section class="section">
      <h2>{periods.by === 'day' ? l10n.t('By day') : l10n.t('By month')}</h2>
      <div class="charts">
        {shown.map((name) => (
          <Chart key={name} title={all[name].label} table={() => <PeriodTable rows={periods.rows} by={periods.by} metric={all[name]} report={report} />}>
            <BarChart label={periods.by === 'day' ? l10n.t('{0} by day', all[name].label) : l10n.t('{0} by month', all[name].label)} bars={periods.all.map((period) => barOf(period, all[name]))} scale={all[name].scale} summary={summaryOf(name, report)} />
          </Chart>
        ))}
      </div>
      <p class="hint">{l10n.t('Days and months are those of UTC.')}</p>
    </section>
  );
}

function barOf({ name, row }: Period, metric: Metric) {
  if (row === undefined) return { name, value: undefined, incomplete: false, text: l10n.t('no runs') };
  return { name, value: metric.value(row), inner: metric.inner?.(row), incomplete: metric.name === 'cost' && row.unpriced > 0, text: metric.text(row) };
}

/** The figure of all days together: what the columns of the table add up to, and for times what they cannot say. */
function summaryOf(name: MetricName, report: UsageReport): string {
  switch (name) {
    case 'cost':
      return l10n.t('All: {0}', costText({ nanoUsd: report.costNanoUsd, costs: report.costs, unpriced: report.unpricedRuns }));
    case 'saved':
      return l10n.t('All: {0}', exactUsd(report.saving?.listNanoUsd ?? 0));
    case 'tokens':
      return l10n.t('All: {0} read, {1} written', count(report.inputTokens), count(report.outputTokens));
    case 'time':
      return report.latency.p50 === undefined ? l10n.t('No run has ended.') : l10n.t('All: {0} at p50, {1} at p95', timeText(report.latency.p50), timeText(report.latency.p95));
    case 'errors':
      return l10n.t('All: {0} of {1} runs', count(report.errors), count(report.runs));
    case 'cache':
      return l10n.t('All: {0}', shareText(cacheShare(report)) || l10n.t('no tokens read'));
  }
}

function PeriodTable({ rows, by, metric, report }: { readonly rows: readonly BreakdownRow[]; readonly by: 'day' | 'month'; readonly metric: Metric; readonly report: UsageReport }) {
  const first: FigureColumn = { title: by === 'day' ? l10n.t('Day') : l10n.t('Month'), cell: ({ name }) => name };
  const columns: Readonly<Record<MetricName, readonly FigureColumn[]>> = {
    cost: costColumns(rows, report),
    saved: [{ title: l10n.t('Saved at list price'), cell: ({ savedNanoUsd }) => (savedNanoUsd === undefined ? '' : exactUsd(savedNanoUsd)), total: exactUsd(report.saving?.listNanoUsd ?? 0) }],
    tokens: [
      { title: l10n.t('Read'), cell: ({ inputTokens }) => count(inputTokens), total: count(report.inputTokens) },
      { title: l10n.t('From a cache'), cell: ({ cachedTokens }) => count(cachedTokens), total: count(report.cachedTokens) },
      { title: l10n.t('Written'), cell: ({ outputTokens }) => count(outputTokens), total: count(report.outputTokens) },
    ],
    time: [
      { title: l10n.t('Runs that ended'), cell: ({ latency }) => count(latency.count), total: count(report.latency.count) },
      { title: 'p50', cell: ({ latency }) => timeText(latency.p50), total: timeText(report.latency.p50) },
      { title: 'p95', cell: ({ latency }) => timeText(latency.p95), total: timeText(report.latency.p95) },
    ],
    errors: [{ title: l10n.t('Runs'), cell: (row) => count(row.count), total: count(report.runs) }, { title: l10n.t('Errors'), cell: ({ errors }) => count(errors), total: count(report.errors) }],
    cache: [{ title: l10n.t('Cache hits'), cell: (row) => shareText(cacheShare(row)), total: shareText(cacheShare(report)) }],
  };
  return <FigureTable label={metric.label} rows={rows} columns={[first, ...columns[metric.name]]} />;
}

/** One column for each mark: a sum never mixes what is billed with what is estimated without saying so. */
function costColumns(rows: readonly BreakdownRow[], report: UsageReport): readonly FigureColumn[] {
  const amount = (costs: readonly MarkedCost[], mark: string) => costs.find((cost) => cost.mark === mark)?.nanoUsd ?? 0;
  const unpriced = rows.some((row) => row.unpriced > 0);
  return [
    ...report.costs.map(({ mark, nanoUsd }): FigureColumn => ({ title: mark, cell: ({ costs }) => exactUsd(amount(costs, mark)), total: exactUsd(nanoUsd) })),
    ...(unpriced ? [{ title: l10n.t('unpriced runs'), cell: (row: BreakdownRow) => count(row.unpriced), total: count(report.unpricedRuns) }] : []),
    { title: l10n.t('Cost'), cell: ({ nanoUsd, unpriced: missing }) => (missing > 0 && nanoUsd === 0 ? l10n.t('unpriced') : exactUsd(nanoUsd)), total: exactUsd(report.costNanoUsd) },
  ];
}
