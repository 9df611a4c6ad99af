import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { ServiceTotal } from '../../src/shared/usage-report.ts';
import { PriceCells, ServiceHeading } from '../bill/service-cells.tsx';
import { count } from '../format.ts';
import { visible } from '../text.ts';

/** Free periods that are listed one by one. */
const freeShown = 12;

/** What each service would have charged; a row opens to its formula and inputs. */
export function ServicesTable({ services }: { readonly services: readonly ServiceTotal[] }) {
  if (services.length === 0) return <p class="hint">{l10n.t('No browser and no sandbox was used.')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('What the same work would have cost')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Service')}</th>
            <th scope="col" class="numeric">{l10n.t('Runs')}</th>
            <th scope="col" class="numeric">{l10n.t('List price')}</th>
            <th scope="col" class="numeric">{l10n.t('After free allowances')}</th>
            <th scope="col">{l10n.t('Mark')}</th>
            <th scope="col">{l10n.t('Price as of')}</th>
            <th scope="col">{l10n.t('Source')}</th>
          </tr>
        </thead>
        <tbody>{services.map((total) => <Service key={total.service} total={total} />)}</tbody>
      </table>
    </div>
  );
}

function Service({ total }: { readonly total: ServiceTotal }) {
  const open = useSignal(false);
  const { service, runs, unpricedRuns, listNanoUsd, afterFreeNanoUsd, mark, asOf, stale, source } = total;
  return (
    <>
      <tr>
        <ServiceHeading service={service} what={coverage(total)} open={open} />
        <td class="numeric">{unpricedRuns === 0 ? count(runs) : l10n.t('{0} of {1}', count(runs), count(runs + unpricedRuns))}</td>
        <td class="numeric">{exactUsd(listNanoUsd)}</td>
        <td class="numeric">{exactUsd(afterFreeNanoUsd)}</td>
        <PriceCells mark={mark} asOf={asOf} stale={stale} source={source} />
      </tr>
      {open.value && <tr class="formula-row"><td colSpan={7}><Inputs total={total} /></td></tr>}
    </>
  );
}

function Inputs({ total: { region, work, formula, free, listNanoUsd, afterFreeNanoUsd, note, unpricedRuns } }: { readonly total: ServiceTotal }) {
  const rest = free.slice(freeShown).reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  const allowances = [...free.slice(0, freeShown).map(({ period, nanoUsd }) => `${exactUsd(nanoUsd)} (${period})`), ...(free.length > freeShown ? [l10n.t('{0} ({1} more)', exactUsd(rest), free.length - freeShown)] : [])];
  return (
    <dl class="sums">
      <dt>{l10n.t('Billed')}</dt>
      <dd>{visible(work)}; {visible(region)}</dd>
      <dt>{l10n.t('List price')}</dt>
      <dd class="formula">{l10n.t('{0}, each run rounded to billionths: {1}', visible(formula), exactUsd(listNanoUsd))}</dd>
      <dt>{l10n.t('After free allowances')}</dt>
      <dd class="formula">{allowances.length === 0 ? l10n.t('nothing is taken off') : `${exactUsd(listNanoUsd)} − ${allowances.join(' − ')} = ${exactUsd(afterFreeNanoUsd)}`}</dd>
      {unpricedRuns > 0 && <><dt>{l10n.t('Not priced')}</dt><dd>{unpricedRuns === 1 ? l10n.t('1 run, because something that the service bills was not measured') : l10n.t('{0} runs, because something that the service bills was not measured', count(unpricedRuns))}</dd></>}
      {note !== undefined && <><dt>{l10n.t('Note')}</dt><dd>{visible(note)}</dd></>}
    </dl>
  );
}

function coverage({ covers }: ServiceTotal): string {
  switch (covers) {
    case 'all':
      return l10n.t('could have done everything');
    case 'browser':
      return l10n.t('could have done the browsers');
    case 'code':
      return l10n.t('could have done the code');
  }
}
