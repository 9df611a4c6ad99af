import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

export interface Bar {
  readonly name: string;
  /** Absent where there is no figure; nothing is drawn then. */
  readonly value: number | undefined;
  /** A smaller value inside it. */
  readonly inner?: number | undefined;
  /** A part of it is not known. */
  readonly incomplete: boolean;
  readonly text: string;
}

export interface BarChartProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly scale: (value: number) => string;
  /** What stands below while no bar is pointed at. */
  readonly summary: string;
}

/** Share of the width of its place that a bar takes. */
const width = 0.76;

/** Bars over a base line, negative ones below it. One stop in the tab order; arrows, Home and End go from bar to bar, and each is read out with its figure. */
export function BarChart({ label, bars, scale, summary }: BarChartProps) {
  const id = useId();
  const active = useSignal<number | undefined>(undefined);
  const top = Math.max(0, ...bars.map(({ value = 0 }) => value));
  const bottom = Math.min(0, ...bars.map(({ value = 0 }) => value));
  const span = top - bottom;
  const share = (value: number) => (span === 0 ? 0 : (value / span) * 100);
  const zero = span === 0 ? 100 : share(top);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = bars.length - 1;
    const at = active.value ?? last;
    const next = { ArrowRight: Math.min(last, at + 1), ArrowLeft: Math.max(0, at - 1), Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    active.value = active.value === undefined && event.key !== 'Home' ? last : next;
  };
  const shown = active.value === undefined ? undefined : bars[active.value];
  return (
    <>
      <div class="chart-plot">
        <div class="chart-scale" aria-hidden="true">{[...(bottom < 0 ? [scale(bottom)] : []), ...(span === 0 ? [] : [scale(top)])].join(' … ')}</div>
        <div
          class="chart-bars" role="listbox" aria-orientation="horizontal" tabIndex={0} aria-label={label} onKeyDown={onKeyDown} onBlur={() => (active.value = undefined)} onMouseLeave={() => (active.value = undefined)}
          {...(active.value === undefined ? {} : { 'aria-activedescendant': `${id}-${active.value}` })}
        >
          <svg role="presentation" width="100%" height="100%" focusable="false">
            {bars.map((bar, at) => (
              <g key={at} id={`${id}-${at}`} role="option" aria-selected={active.value === at} aria-label={`${bar.name}: ${bar.text}`} class={`bar${active.value === at ? ' bar-active' : ''}`} onMouseEnter={() => (active.value = at)}>
                <rect class="bar-place" x={`${(at / bars.length) * 100}%`} width={`${100 / bars.length}%`} y="0" height="100%" />
                <Body at={at} of={bars.length} bar={bar} share={share} zero={zero} />
              </g>
            ))}
            <line class="chart-zero" aria-hidden="true" x1="0" x2="100%" y1={`${zero}%`} y2={`${zero}%`} />
          </svg>
        </div>
      </div>
      <div class="chart-ends" aria-hidden="true"><span>{bars[0]?.name}</span><span>{bars.length > 1 ? bars.at(-1)?.name : ''}</span></div>
      <p class="chart-readout" aria-hidden="true">{shown ? `${shown.name}: ${shown.text}` : summary}</p>
    </>
  );
}

function Body({ at, of, bar: { value, inner, incomplete }, share, zero }: { readonly at: number; readonly of: number; readonly bar: Bar; readonly share: (value: number) => number; readonly zero: number }) {
  const place = { x: `${((at + (1 - width) / 2) / of) * 100}%`, width: `${(width / of) * 100}%` };
  const rect = (kind: string, figure: number) => <rect class={kind} {...place} y={`${figure < 0 ? zero : zero - share(figure)}%`} height={`${Math.abs(share(figure))}%`} />;
  return (
    <>
      {value !== undefined && value !== 0 && rect(inner === undefined ? 'bar-body' : 'bar-outer', value)}
      {inner !== undefined && inner !== 0 && rect('bar-body', inner)}
      {incomplete && <rect class="bar-unknown" {...place} y={`${Math.max(0, zero - 12)}%`} height={`${Math.min(12, zero)}%`} />}
    </>
  );
}
