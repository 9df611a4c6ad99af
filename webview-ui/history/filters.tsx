import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { runKinds, type RunKind } from '../../src/shared/events.ts';
import { isFiltered, type RunFilter } from '../../src/shared/run-filter.ts';
import { runStates, type RunState } from '../../src/shared/run-state.ts';
import { stateLook } from '../parts/labels.ts';
import type { HistoryModel } from '../state/history-model.ts';
import { useSession } from '../state/use-session.ts';

const dayMs = 86_400_000;
const spans = [3_600_000, dayMs, 7 * dayMs, 30 * dayMs] as const;

/** What the runs that are listed must be like. */
export function Filters({ model }: { readonly model: HistoryModel }) {
  const session = useSession();
  const filter = model.filter.value;
  const facets = model.facets.value;
  useEffect(() => session.attempt(model.readFacets()), []);
  const change = (next: RunFilter) => {
    session.kept.update({ runFilter: next });
    model.filter.value = next;
  };
  const text = (field: 'model' | 'tool', value: string) => change(without(filter, field, value.trim() === '' ? {} : { [field]: value.trim() }));
  const money = (field: 'minCostUsd' | 'maxCostUsd', value: string) => change(without(filter, field, value === '' || Number.isNaN(Number(value)) ? {} : { [field]: Number(value) }));
  const tag = filter.tags?.[0] ?? '';
  return (
    <div class="filters" role="group" aria-label={l10n.t('Filters')}>
      <Choice label={l10n.t('State')} value={filter.states?.[0] ?? ''} options={runStates.map((state) => [state, stateLook(state).label])} onChange={(value) => change(without(filter, 'states', isState(value) ? { states: [value] } : {}))} />
      <Choice label={l10n.t('Kind')} value={filter.kinds?.[0] ?? ''} options={runKinds.map((kind) => [kind, kindLabel(kind)])} onChange={(value) => change(without(filter, 'kinds', isKind(value) ? { kinds: [value] } : {}))} />
      <Choice label={l10n.t('Begun')} value={spanOf(filter)} options={spans.map((span) => [String(span), spanLabel(span)])} onChange={(value) => change(without(filter, 'from', value === '' ? {} : { from: Date.now() - Number(value) }))} />
      <Field label={l10n.t('Model')}><input list="models" value={filter.model ?? ''} onChange={(event) => text('model', event.currentTarget.value)} /></Field>
      <Field label={l10n.t('Tool')}><input list="tools" value={filter.tool ?? ''} onChange={(event) => text('tool', event.currentTarget.value)} /></Field>
      <Choice label={l10n.t('Tag')} value={tag} options={[...new Set([...(tag === '' ? [] : [tag]), ...facets.tags])].map((each) => [each, each])} onChange={(value) => change(without(filter, 'tags', value === '' ? {} : { tags: [value] }))} />
      <Field label={l10n.t('Cost from (USD)')}><input type="number" min="0" step="any" value={filter.minCostUsd ?? ''} onChange={(event) => money('minCostUsd', event.currentTarget.value)} /></Field>
      <Field label={l10n.t('Cost up to (USD)')}><input type="number" min="0" step="any" value={filter.maxCostUsd ?? ''} onChange={(event) => money('maxCostUsd', event.currentTarget.value)} /></Field>
      {isFiltered(filter) && <button type="button" class="button quiet" onClick={() => change({})}>{l10n.t('Clear filters')}</button>}
      <datalist id="models">{facets.models.map((each) => <option key={each} value={each} />)}</datalist>
      <datalist id="tools">{facets.tools.map((each) => <option key={each} value={each} />)}</datalist>
    </div>
  );
}

function without(filter: RunFilter, field: keyof RunFilter, change: RunFilter): RunFilter {
  return { ...Object.fromEntries(Object.entries(filter).filter(([name]) => name !== field)), ...change };
}

const isState = (value: string): value is RunState => runStates.some((state) => state === value);
const isKind = (value: string): value is RunKind => runKinds.some((kind) => kind === value);

/** The filter holds a moment; the choice that it came from is the nearest one. */
function spanOf({ from }: RunFilter): string {
  if (from === undefined) return '';
  const ago = Date.now() - from;
  return String(spans.findLast((span) => span <= ago + dayMs / 48) ?? spans[0]);
}

function spanLabel(span: number): string {
  switch (span) {
    case spans[0]: return l10n.t('in the last hour');
    case spans[1]: return l10n.t('in the last 24 hours');
    case spans[2]: return l10n.t('in the last 7 days');
    default: return l10n.t('in the last 30 days');
  }
}

function kindLabel(kind: RunKind): string {
  switch (kind) {
    case 'chain': return l10n.t('Chain');
    case 'function': return l10n.t('Function');
    case 'task': return l10n.t('Task');
    case 'trace': return l10n.t('Trace of another program');
  }
}

function Field({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return <label class="filter"><span>{label}</span>{children}</label>;
}

interface ChoiceProps {
  readonly label: string;
  /** Empty for any. */
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label}>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{l10n.t('Any')}</option>
        {options.map(([each, text]) => <option key={each} value={each}>{text}</option>)}
      </select>
    </Field>
  );
}
