import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunView } from '../../src/shared/protocol.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { count, runDuration } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import type { TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { SpanDetails } from './span-details.tsx';
import { TraceTree } from './trace-tree.tsx';

const typingMs = 150;

export function TraceTab({ trace, view }: { readonly trace: TraceModel; readonly view: RunView }) {
  return (
    <>
      <Toolbar trace={trace} />
      <div class="trace">
        <div class="tree-column">
          <Scale view={view} />
          <TraceTree trace={trace} view={view} />
        </div>
        <SpanDetails trace={trace} view={view} />
      </div>
    </>
  );
}

function Toolbar({ trace }: { readonly trace: TraceModel }) {
  const session = useSession();
  const text = useSignal(trace.filter.value);
  useEffect(() => {
    if (text.value === trace.filter.value) return undefined;
    const timer = window.setTimeout(() => session.attempt(trace.search(text.value)), typingMs);
    return () => window.clearTimeout(timer);
  }, [text.value]);
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('Show steps')}>
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">{l10n.t('Filter steps')}</span>
        <input type="search" placeholder={l10n.t('Filter by name, kind, status or error')} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <span class="hint" aria-live="polite">{tally(trace)}</span>
      <button type="button" class="button icon-only" onClick={() => session.attempt(trace.expandAll())} title={l10n.t('Expand all')} aria-label={l10n.t('Expand all')}><Icon name="expand" /></button>
      <button type="button" class="button icon-only" onClick={() => session.attempt(trace.collapseAll())} title={l10n.t('Collapse all')} aria-label={l10n.t('Collapse all')}><Icon name="collapse" /></button>
    </div>
  );
}

/** Heads the columns of the rows. For the eye only: each row says its own time. */
function Scale({ view: { run } }: { readonly view: RunView }) {
  const { clock } = useSession();
  const took = runDuration(run, run.endedAt === undefined ? clock.now.value : 0) ?? 0;
  return (
    <div class="scale" aria-hidden="true">
      <span>{l10n.t('Step')}</span>
      <span />
      <span class="row-time">{l10n.t('Time')}</span>
      <span class="scale-track"><span>0</span><span>{formatDuration(took / 2)}</span><span>{formatDuration(took)}</span></span>
    </div>
  );
}

function tally(trace: TraceModel): string {
  const total = trace.total.value;
  const spans = trace.spans.value;
  if (total === undefined) return '';
  if (trace.filter.value !== '' && total === 0) return l10n.t('No step matches.');
  return trace.filter.value === '' ? (spans === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(spans))) : l10n.t('{0} of {1}', count(total), count(spans));
}
