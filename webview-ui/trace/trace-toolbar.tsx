import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { count } from '../format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { traceViews, type TraceView } from '../state/kept.ts';
import type { TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { TraceFilters } from './trace-filters.tsx';

const typingMs = 150;

export interface Zoom {
  in(): void;
  out(): void;
  whole(): void;
}

/** Which way the trace is drawn, what is looked for in it, and what can be done with the drawing. */
export function TraceToolbar({ trace, zoom }: { readonly trace: TraceModel; readonly zoom: Zoom }) {
  const session = useSession();
  const drawn = trace.drawn.value;
  const filtering = useSignal(false);
  return (
    <>
      <div class="toolbar" role="group" aria-label={l10n.t('Show steps')}>
        <div class="switch" role="group" aria-label={l10n.t('Draw as')}>
          {traceViews.map((view) => (
            <button key={view} type="button" class="switch-option" aria-pressed={view === drawn} onClick={() => session.attempt(trace.draw(view))}>{viewLabel(view)}</button>
          ))}
        </div>
        {drawn === 'log'
          ? <Search key="log" label={l10n.t('Filter events')} placeholder={l10n.t('Filter by words of the event')} value={trace.events.filter.value} onSearch={(text) => session.attempt(trace.events.search(text))} />
          : <Search key="steps" label={l10n.t('Filter steps')} placeholder={l10n.t('Filter, as in kind:model over:2s')} value={trace.filter.value} onSearch={(text) => session.attempt(trace.search(text))} />}
        <span class="hint" aria-live="polite">{drawn === 'log' ? eventTally(trace) : stepTally(trace)}</span>
        {drawn === 'timeline' && (
          <>
            <IconButton icon="plus" label={l10n.t('Zoom in')} onClick={() => zoom.in()} />
            <IconButton icon="minus" label={l10n.t('Zoom out')} onClick={() => zoom.out()} disabled={trace.zoom.value === undefined} />
            <IconButton icon="fit" label={l10n.t('Show the whole run')} onClick={() => zoom.whole()} disabled={trace.zoom.value === undefined} />
          </>
        )}
        {drawn !== 'log' && (
          <>
            <IconButton icon="expand" label={l10n.t('Expand all')} onClick={() => session.attempt(trace.expandAll())} />
            <IconButton icon="collapse" label={l10n.t('Collapse all')} onClick={() => session.attempt(trace.collapseAll())} />
            <button type="button" class="button icon-only" aria-expanded={filtering.value} title={l10n.t('Filters')} aria-label={l10n.t('Filters')} onClick={() => (filtering.value = !filtering.value)}><Icon name="filter" /></button>
          </>
        )}
      </div>
      {drawn !== 'log' && filtering.value && <TraceFilters text={trace.filter.value} onChange={(text) => session.attempt(trace.search(text))} />}
    </>
  );
}

function viewLabel(view: TraceView): string {
  switch (view) {
    case 'tree': return l10n.t('Tree');
    case 'timeline': return l10n.t('Timeline');
    case 'log': return l10n.t('Log');
  }
}

function IconButton({ icon, label, disabled = false, onClick }: { readonly icon: IconName; readonly label: string; readonly disabled?: boolean; readonly onClick: () => void }) {
  return <button type="button" class="button icon-only" disabled={disabled} onClick={onClick} title={label} aria-label={label}><Icon name={icon} /></button>;
}

interface SearchProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

function Search({ label, placeholder, value, onSearch }: SearchProps) {
  const text = useSignal(value);
  // A step that is shown from elsewhere takes the filter away.
  useEffect(() => {
    text.value = value;
  }, [value]);
  useEffect(() => {
    if (text.value === value) return undefined;
    const timer = window.setTimeout(() => onSearch(text.value), typingMs);
    return () => window.clearTimeout(timer);
  }, [text.value]);
  return (
    <label class="search">
      <Icon name="search" />
      <span class="visually-hidden">{label}</span>
      <input type="search" placeholder={placeholder} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
    </label>
  );
}

function stepTally(trace: TraceModel): string {
  const total = trace.total.value;
  const spans = trace.spans.value;
  if (total === undefined) return '';
  if (trace.reading.value) return l10n.t('{0} steps, still being read…', count(spans));
  if (trace.filter.value !== '' && total === 0) return l10n.t('No step matches.');
  return trace.filter.value === '' ? (spans === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(spans))) : l10n.t('{0} of {1}', count(total), count(spans));
}

function eventTally({ events }: TraceModel): string {
  const total = events.lines.total.value;
  if (total === undefined) return '';
  if (events.reading.value) return l10n.t('{0} events, still being read…', count(events.events.value));
  if (events.filter.value !== '' && total === 0) return l10n.t('No event matches.');
  return events.filter.value === '' ? (total === 1 ? l10n.t('1 event') : l10n.t('{0} events', count(total))) : l10n.t('{0} of {1}', count(total), count(events.events.value));
}
