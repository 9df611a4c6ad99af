import * as l10n from '@vscode/l10n';
import { stepKinds } from '../../src/shared/events.ts';
import { parseTraceFilter, spanStatuses, traceFilterText, type TraceFilter } from '../../src/shared/trace-filter.ts';
import { statusLook, stepKindLabel } from '../parts/labels.ts';
import { ManyChoices } from '../parts/many-choices.tsx';

/** What steps must be like, beside the words in the box above, where all of it stands as text too. */
export function TraceFilters({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const filter = parseTraceFilter(text);
  const change = (more: Partial<TraceFilter>) => onChange(traceFilterText({ ...filter, ...more }));
  const number = (value: string, factor: number) => (value === '' || Number.isNaN(Number(value)) ? undefined : Number(value) * factor);
  const amount = (field: 'minMs' | 'minCostUsd', value: string, factor = 1) => {
    const { [field]: _before, ...rest } = filter;
    const given = number(value, factor);
    onChange(traceFilterText({ ...rest, ...(given === undefined ? {} : { [field]: given }) }));
  };
  return (
    <div class="filters" role="group" aria-label={l10n.t('Filters')}>
      <ManyChoices label={l10n.t('Kind')} chosen={filter.kinds} options={stepKinds.map((kind) => [kind, stepKindLabel(kind)])} onChange={(chosen) => change({ kinds: stepKinds.filter((kind) => chosen.includes(kind)) })} />
      <ManyChoices label={l10n.t('State')} chosen={filter.statuses} options={spanStatuses.map((status) => [status, statusLook(status).label])} onChange={(chosen) => change({ statuses: spanStatuses.filter((status) => chosen.includes(status)) })} />
      <label class="filter"><span>{l10n.t('Took from (seconds)')}</span><input type="number" min="0" step="any" value={filter.minMs === undefined ? '' : filter.minMs / 1000} onChange={(event) => amount('minMs', event.currentTarget.value, 1000)} /></label>
      <label class="filter"><span>{l10n.t('Cost from (USD)')}</span><input type="number" min="0" step="any" value={filter.minCostUsd ?? ''} onChange={(event) => amount('minCostUsd', event.currentTarget.value)} /></label>
      {text.trim() !== '' && <button type="button" class="button quiet" onClick={() => onChange('')}>{l10n.t('Clear filters')}</button>}
    </div>
  );
}
