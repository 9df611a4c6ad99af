import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { BaselineLine } from '../../src/shared/dto.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { Icon } from '../parts/icon.tsx';
import { visible } from '../text.ts';
import { MarkLabel } from './mark-label.tsx';
import { SourceLabel } from './source-label.tsx';

export function BaselineTable({ baselines, ended }: { readonly baselines: readonly BaselineLine[]; readonly ended: boolean }) {
  if (baselines.length === 0) {
    return <p class="hint">{ended ? l10n.t('Nothing was used that a named service would bill.') : l10n.t('Nothing has been used yet that a named service would bill.')}</p>;
  }
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('What the same work would have cost')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Service')}</th>
            <th scope="col" class="numeric">{l10n.t('List price')}</th>
            <th scope="col" class="numeric">{l10n.t('After free tier')}</th>
            <th scope="col">{l10n.t('Mark')}</th>
            <th scope="col">{l10n.t('Price as of')}</th>
            <th scope="col">{l10n.t('Source')}</th>
          </tr>
        </thead>
        <tbody>{baselines.map((line) => <Baseline key={`${line.service} ${line.what}`} line={line} />)}</tbody>
      </table>
    </div>
  );
}

function Baseline({ line }: { readonly line: BaselineLine }) {
  const open = useSignal(false);
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" class="disclosure" aria-expanded={open.value} onClick={() => (open.value = !open.value)} title={l10n.t('How it was calculated')}>
            <span class={`twistie${open.value ? ' open' : ''}`}><Icon name="chevron" /></span>
            <span>
              <span class="service">{visible(line.service)}</span>
              <span class="hint service-what">{visible(line.what)}</span>
            </span>
          </button>
        </th>
        <td class="numeric">{formatUsd(line.listUsd)}</td>
        <td class="numeric">{formatUsd(line.afterFreeTierUsd)}</td>
        <td><MarkLabel mark={line.mark} /></td>
        <td class="nowrap">
          <time dateTime={line.asOf}>{line.asOf}</time>
          {line.stale && <span class="stale" title={l10n.t('The price may have changed since. It was not read again.')}><Icon name="warning" tone="wait" />{l10n.t('old')}</span>}
        </td>
        <td><SourceLabel source={line.source} /></td>
      </tr>
      {open.value && (
        <tr class="formula-row">
          <td colSpan={6}><span class="formula">{visible(line.formula)}</span></td>
        </tr>
      )}
    </>
  );
}
