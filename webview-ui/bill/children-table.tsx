import * as l10n from '@vscode/l10n';
import type { BillChild } from '../../src/shared/dto.ts';
import { cost, count } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** What of the sums above each agent has used. */
export function ChildrenTable({ runs }: { readonly runs: readonly BillChild[] }) {
  const session = useSession();
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Runs that it started')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Agent')}</th>
            <th scope="col">{l10n.t('State')}</th>
            <th scope="col" class="numeric">{l10n.t('Tokens')}</th>
            <th scope="col" class="numeric">{l10n.t('Cost')}</th>
            <th scope="col">{l10n.t('Task')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((child) => (
            <tr key={child.run}>
              <th scope="row"><button type="button" class="link" onClick={() => session.open(child.run)}>{oneLine(child.agent ?? child.run, 100)}</button></th>
              <td><Badge look={stateLook(child.state)} /></td>
              <td class="numeric">{count(child.tokens)}</td>
              <td class="numeric">{cost(child.costUsd, child.costMark)}</td>
              <td class="wrap">{oneLine(child.title, 300)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
