import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/shared/duration.ts';
import type { Infrastructure } from '../../src/shared/infrastructure.ts';
import { BarChart } from '../dashboard/bar-chart.tsx';
import { Chart } from '../dashboard/chart.tsx';
import { bytes, clockTime } from '../format.ts';

/** Delay and memory since the view was opened, two minutes of them at most. */
export function RecentDelay({ past }: { readonly past: readonly Infrastructure[] }) {
  const seen = past.filter(({ loop }) => loop !== undefined);
  if (seen.length < 2) return null;
  const p99 = Math.max(...seen.map(({ loop }) => loop?.p99Ms ?? 0));
  const table = () => (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Event loop delay and memory')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('At')}</th>
            <th scope="col" class="numeric">p50</th>
            <th scope="col" class="numeric">p99</th>
            <th scope="col" class="numeric">{l10n.t('At most')}</th>
            <th scope="col" class="numeric">{l10n.t('Memory')}</th>
          </tr>
        </thead>
        <tbody>
          {seen.toReversed().map(({ at, loop, memory }) => (
            <tr key={at}>
              <th scope="row">{clockTime(at)}</th>
              <td class="numeric">{formatDuration(loop?.p50Ms ?? 0)}</td>
              <td class="numeric">{formatDuration(loop?.p99Ms ?? 0)}</td>
              <td class="numeric">{formatDuration(loop?.maxMs ?? 0)}</td>
              <td class="numeric">{bytes(memory.residentBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  const bars = seen.map(({ at, loop }) => ({
    name: clockTime(at), value: loop?.p99Ms, inner: loop?.p50Ms, incomplete: false, text: l10n.t('{0} at p50, {1} at p99', formatDuration(loop?.p50Ms ?? 0), formatDuration(loop?.p99Ms ?? 0)),
  }));
  return (
    <Chart level="h2" title={l10n.t('Event loop delay since this view was opened')} table={table}>
      <BarChart label={l10n.t('Event loop delay')} bars={bars} scale={formatDuration} summary={l10n.t('{0} at p99 at most', formatDuration(p99))} />
    </Chart>
  );
}
