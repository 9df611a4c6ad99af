import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { runKinds, type RunKind } from '../../src/shared/events.ts';
import { isFiltered, type RunFilter } from '../../src/shared/run-filter.ts';
import { runStates, type RunState } from '../../src/shared/run-state.ts';
import { stateLook } from '../parts/labels.ts';
import { ManyChoices } from '../parts/many-choices.tsx';
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
  const many = <F extends 'states' | 'kinds' | 'models' | 'tools' | 'tags'>(field: F, chosen: RunFilter[F]) => change(without(filter, field, chosen === undefined || chosen.length === 0 ? {} : { [field]: chosen }));
  const amount = (field: 'minCostUsd' | 'maxCostUsd' | 'minMs', value: string, factor = 1) => change(without(filter, field, value === '' || Number.isNaN(Number(value)) ? {} : { [field]: Number(value) * factor }));
  const named = (names: readonly string[]) => names.map((name) => [name, name] as const);
  return (
    <div class="filters" role="group" aria-label={l10n.t('Filters')}>
      <ManyChoices label={l10n.t('State')} chosen={filter.states ?? []} options={runStates.map((state) => [state, stateLook(state).label])} onChange={(chosen) => many('states', chosen.filter(isState))} />
      <ManyChoices label={l10n.t('Kind')} chosen={filter.kinds ?? []} options={runKinds.map((kind) => [kind, kindLabel(kind)])} onChange={(chosen) => many('kinds', chosen.filter(isKind))} />
      <Choice label={l10n.t('Begun')} value={spanOf(filter)} options={spans.map((span) => [String(span), spanLabel(span)])} onChange={(value) => change(without(filter, 'from', value === '' ? {} : { from: Date.now() - Number(value) }))} />
      <ManyChoices label={l10n.t('Model')} adding={l10n.t('Part of a name')} chosen={filter.models ?? []} options={named(facets.models)} onChange={(chosen) => many('models', chosen)} />
      <ManyChoices label={l10n.t('Tool')} adding={l10n.t('Part of a name')} chosen={filter.tools ?? []} options={named(facets.tools)} onChange={(chosen) => many('tools', chosen)} />
      <ManyChoices label={l10n.t('All of the tags')} chosen={filter.tags ?? []} options={named(facets.tags)} onChange={(chosen) => many('tags', chosen)} />
      <Field label={l10n.t('Took from (seconds)')}><input type="number" min="0" step="any" value={filter.minMs === undefined ? '' : filter.minMs / 1000} onChange={(event) => amount('minMs', event.currentTarget.value, 1000)} /></Field>
      <Field label={l10n.t('Cost from (USD)')}><input type="number" min="0" step="any" value={filter.minCostUsd ?? ''} onChange={(event) => amount('minCostUsd', event.currentTarget.value)} /></Field>
      <Field label={l10n.t('Cost up to (USD)')}><input type="number" min="0" step="any" value={filter.maxCostUsd ?? ''} onChange={(event) => amount('maxCostUsd', event.currentTarget.value)} /></Field>
      {isFiltered(filter) && <button type="button" class="button quiet" onClick={() => change({})}>{l10n.t('Clear filters')}</button>}
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
