import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/protocol.ts';
import { count } from '../format.ts';
import { oneLine, visible } from '../text.ts';

/** What the pages of a run were refused, and what they reached. Names are those of strangers. */
export function NetworkTables({ report: { hosts, refused, moreHosts, moreRefused } }: { readonly report: Result<'run.network'> }) {
  return (
    <>
      {refused.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Refused')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{l10n.t('Refused')}</th>
                <th scope="col" class="numeric">{l10n.t('Attempts')}</th>
                <th scope="col">{l10n.t('Why')}</th>
              </tr>
            </thead>
            <tbody>
              {refused.map(({ action, attempts, reason }) => (
                <tr key={action}>
                  <th scope="row" class="wrap"><bdi>{oneLine(action, 200)}</bdi></th>
                  <td class="numeric">{count(attempts)}</td>
                  <td class="wrap">{visible(reason)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {moreRefused > 0 && <p class="hint">{l10n.t('And {0} more that were refused.', count(moreRefused))}</p>}
      {hosts.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Reached')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{l10n.t('Reached')}</th>
                <th scope="col" class="numeric">{l10n.t('Connections')}</th>
                <th scope="col" class="numeric">{l10n.t('Received')}</th>
                <th scope="col" class="numeric">{l10n.t('Sent')}</th>
              </tr>
            </thead>
            <tbody>
              {hosts.map(({ host, requests, received, sent }) => (
                <tr key={host}>
                  <th scope="row" class="wrap"><bdi>{oneLine(host, 200)}</bdi></th>
                  <td class="numeric">{count(requests)}</td>
                  <td class="numeric">{formatBytes(received)}</td>
                  <td class="numeric">{formatBytes(sent)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {moreHosts > 0 && <p class="hint">{l10n.t('And {0} more that were reached.', count(moreHosts))}</p>}
    </>
  );
}
