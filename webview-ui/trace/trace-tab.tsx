import * as l10n from '@vscode/l10n';
import type { RunDetail } from '../../src/shared/dto.ts';
import type { RunView } from '../../src/shared/protocol.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import type { TimeWindow, TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { EventLog } from './event-log.tsx';
import { SpanDetails } from './span-details.tsx';
import { TraceToolbar, type Zoom } from './trace-toolbar.tsx';
import { TraceTree } from './trace-tree.tsx';
import { narrowed, shifted } from './zoom.ts';

export function TraceTab({ trace, view }: { readonly trace: TraceModel; readonly view: RunView }) {
  const { clock } = useSession();
  const drawn = trace.drawn.value;
  const whole = wholeTime(view.run, view.run.endedAt === undefined ? clock.now.value : 0);
  const shown = drawn === 'timeline' ? (trace.zoom.value ?? whole) : whole;
  const about = () => {
    const span = trace.selected.value;
    return span === undefined ? undefined : (span.startedAt + (span.endedAt ?? span.startedAt)) / 2;
  };
  const zoom: Zoom & { readonly pan: (share: number) => void } = {
    in: () => (trace.zoom.value = narrowed(shown, whole, 0.5, about())),
    out: () => (trace.zoom.value = narrowed(shown, whole, 2, about())),
    whole: () => (trace.zoom.value = undefined),
    pan: (share) => (trace.zoom.value = trace.zoom.value && shifted(trace.zoom.value, whole, share)),
  };
  if (drawn === 'log') {
    return (
      <>
        <TraceToolbar trace={trace} zoom={zoom} />
        <EventLog model={trace.events} trace={trace} view={view} />
      </>
    );
  }
  return (
    <>
      <TraceToolbar trace={trace} zoom={zoom} />
      <div class={`trace trace-${drawn}`}>
        <div class="tree-column">
          <Scale shown={shown} whole={whole} />
          <TraceTree trace={trace} shown={shown} zoom={drawn === 'timeline' ? zoom : undefined} />
        </div>
        <SpanDetails trace={trace} view={view} />
      </div>
    </>
  );
}

function wholeTime({ startedAt, createdAt, endedAt }: RunDetail, now: number): TimeWindow {
  const from = startedAt ?? createdAt;
  return { from, to: Math.max(from + 1, endedAt ?? now) };
}

const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Heads the columns of the rows. For the eye only: each row says its own time. */
function Scale({ shown, whole }: { readonly shown: TimeWindow; readonly whole: TimeWindow }) {
  const at = (share: number) => formatDuration(Math.max(0, shown.from - whole.from + (shown.to - shown.from) * share));
  return (
    <div class="scale" aria-hidden="true">
      <span>{l10n.t('Step')}</span>
      <span />
      <span class="row-time">{l10n.t('Time')}</span>
      <span class="scale-track">{ticks.map((share) => <span key={share} class={share === 0.25 || share === 0.75 ? 'tick-between' : ''}>{share === 0 && shown.from === whole.from ? '0' : at(share)}</span>)}</span>
    </div>
  );
}
