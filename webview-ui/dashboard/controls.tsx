import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { usageFormats, type UsageFormat } from '../../src/shared/protocol-figures.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import type { UsageModel } from './usage-model.ts';

const ranges = [7, 30, 90] as const;

/** Which runs the figures are of, and the ways out of the panel. */
export function Controls({ model }: { readonly model: UsageModel }) {
  const session = useSession();
  const query = model.query.value;
  const ask = (change: { readonly days?: number | undefined; readonly everywhere?: boolean }) => {
    const { days, everywhere } = { ...query, ...change };
    const next = { everywhere, ...(days === undefined ? {} : { days }) };
    session.kept.update({ usage: next });
    void model.ask(next);
  };
  const told = useSignal('');
  const save = async (format: UsageFormat) => {
    told.value = '';
    await session.act(async () => {
      const { written } = await session.client.request('usage.export', { ...query, format });
      told.value = written ? l10n.t('The {0} file was written.', format.toUpperCase()) : l10n.t('Nothing was written.');
    });
    // The reason stands in the notice above; here it is said where the person looks.
    if (told.value === '') told.value = l10n.t('The {0} file was not written.', format.toUpperCase());
  };
  return (
    <div class="toolbar usage-toolbar">
      <h1 class="usage-title">{l10n.t('Usage')}</h1>
      <select class="picker pick-small" aria-label={l10n.t('Span of time')} value={String(query.days ?? 0)} onChange={(event) => ask({ days: Number(event.currentTarget.value) || undefined })}>
        {ranges.map((days) => <option key={days} value={String(days)}>{l10n.t('Last {0} days', days)}</option>)}
        <option value="0">{l10n.t('All that is kept')}</option>
      </select>
      <select class="picker pick-small" aria-label={l10n.t('Folders')} value={query.everywhere ? 'all' : 'this'} onChange={(event) => ask({ everywhere: event.currentTarget.value === 'all' })}>
        <option value="this">{l10n.t('This folder')}</option>
        <option value="all">{l10n.t('All folders')}</option>
      </select>
      <span class="usage-exports" role="group" aria-label={l10n.t('Export')}>
        {usageFormats.map((format) => (
          <button key={format} type="button" class="button" title={exportTitle(format)} aria-label={exportTitle(format)} onClick={() => void save(format)}>
            <Icon name="export" />
            {format.toUpperCase()}
          </button>
        ))}
      </span>
      <span class="hint usage-told" role="status">{told.value}</span>
    </div>
  );
}

/** Records of other machines that are part of the figures. */
export function Team({ model }: { readonly model: UsageModel }) {
  const session = useSession();
  const files = model.shown.value?.files ?? [];
  const add = () => session.act(async () => {
    if ((await session.client.request('usage.addFiles', {})).added) await model.refresh();
  });
  const forget = () => session.act(async () => {
    await session.client.request('usage.forgetFiles', {});
    await model.refresh();
  });
  return (
    <section class="section">
      <h2>{l10n.t('Machines')}</h2>
      <p class="hint">{l10n.t('Records that other machines have exported as JSON are added up with those of this one. A run that is in two files counts once.')}</p>
      {files.length > 0 && (
        <ul class="bullets">
          {files.map(({ name, runs }) => <li key={name}>{runs === 1 ? l10n.t('{0}: 1 run', visible(name)) : l10n.t('{0}: {1} runs', visible(name), runs)}</li>)}
        </ul>
      )}
      <p class="message-actions">
        <button type="button" class="button" onClick={() => void add()}><Icon name="plus" />{l10n.t('Add records of other machines…')}</button>
        {files.length > 0 && <button type="button" class="button" onClick={() => void forget()}>{l10n.t('Only this machine')}</button>}
      </p>
    </section>
  );
}

function exportTitle(format: UsageFormat): string {
  switch (format) {
    case 'csv':
      return l10n.t('CSV: export as a spreadsheet');
    case 'json':
      return l10n.t('JSON: export records for a report over several machines');
    case 'html':
      return l10n.t('HTML: export as a page to hand on or print');
  }
}
