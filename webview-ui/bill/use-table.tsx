import * as l10n from '@vscode/l10n';
import type { LedgerLine } from '../../src/shared/dto.ts';
import { amount } from '../format.ts';
import { meterLabel } from '../parts/labels.ts';
import { visible } from '../text.ts';
import { MarkLabel } from './mark-label.tsx';

/** No figure: a nought would be one. */
const unknown = ({ unit }: LedgerLine) => (unit === 'USD' ? l10n.t('unpriced') : l10n.t('not measured'));

export function UseTable({ ledger }: { readonly ledger: readonly LedgerLine[] }) {
  if (ledger.length === 0) return <p class="hint">{l10n.t('Nothing has been metered.')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Use')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Meter')}</th>
            <th scope="col" class="numeric">{l10n.t('Amount')}</th>
            <th scope="col">{l10n.t('Mark')}</th>
            <th scope="col">{l10n.t('How it was measured')}</th>
          </tr>
        </thead>
        <tbody>
          {ledger.map((line) => (
            <tr key={`${line.meter} ${line.mark}`}>
              <th scope="row" title={line.meter}>{meterLabel(line.meter)}</th>
              <td class="numeric">{line.mark === 'unknown' ? unknown(line) : amount(line.value, line.unit)}</td>
              <td><MarkLabel mark={line.mark} /></td>
              <td class="wrap">{visible(line.source)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
