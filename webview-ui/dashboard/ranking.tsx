import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { BreakdownRow } from '../../src/shared/usage-report.ts';
import { oneLine } from '../text.ts';
import type { Metric } from './metrics.ts';

/** The largest rows as bars. One stop in the tab order; arrows, Home and End go from bar to bar, and each is read out with its name and figure. */
export function Ranking({ label, rows, metric }: { readonly label: string; readonly rows: readonly BreakdownRow[]; readonly metric: Metric }) {
  const id = useId();
  const active = useSignal<number | undefined>(undefined);
  const largest = Math.max(0, ...rows.map((row) => Math.abs(metric.value(row) ?? 0)));
  const share = (value = 0) => (largest === 0 ? 0 : (Math.abs(value) / largest) * 100);
  const last = rows.length - 1;
  const shown = active.value === undefined ? undefined : Math.min(active.value, last);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = shown ?? -1;
    const next = { ArrowDown: Math.min(last, at + 1), ArrowUp: Math.max(0, at - 1), Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    active.value = next;
  };
  return (
    <div
      class="ranking" role="listbox" tabIndex={0} aria-label={label} onKeyDown={onKeyDown} onFocus={() => (active.value ??= 0)} onBlur={() => (active.value = undefined)}
      {...(shown === undefined ? {} : { 'aria-activedescendant': `${id}-${shown}` })}
    >
      {rows.map((row, at) => {
        const value = metric.value(row);
        const inner = metric.inner?.(row);
        const name = oneLine(row.name, 120);
        return (
          <div key={row.name} id={`${id}-${at}`} class={`rank${shown === at ? ' rank-active' : ''}`} role="option" aria-selected={shown === at} aria-label={`${name}: ${metric.text(row)}`}>
            <span class="rank-name" title={oneLine(row.name, 1000)}><bdi>{name}</bdi></span>
            <svg class="rank-bar" aria-hidden="true" focusable="false" width="100%" height="100%">
              <rect class={inner === undefined ? (value !== undefined && value < 0 ? 'bar-body bar-loss' : 'bar-body') : 'bar-outer'} x="0" y="20%" width={`${share(value)}%`} height="60%" />
              {inner !== undefined && <rect class="bar-body" x="0" y="20%" width={`${share(inner)}%`} height="60%" />}
            </svg>
            <span class="rank-text">{metric.text(row)}</span>
          </div>
        );
      })}
    </div>
  );
}
