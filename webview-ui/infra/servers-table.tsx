import * as l10n from '@vscode/l10n';
import type { ServerState } from '../../src/shared/infrastructure.ts';
import { count } from '../format.ts';
import { oneLine, visible } from '../text.ts';

export function ServersTable({ servers }: { readonly servers: readonly ServerState[] }) {
  if (servers.length === 0) return <p class="hint">{l10n.t('No MCP server is configured.')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('MCP servers')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Server')}</th>
            <th scope="col">{l10n.t('State')}</th>
            <th scope="col" class="numeric">{l10n.t('Tools')}</th>
            <th scope="col" class="numeric">{l10n.t('Runs')}</th>
            <th scope="col" class="numeric">{l10n.t('Process')}</th>
          </tr>
        </thead>
        <tbody>
          {servers.map(({ name, state, tools, runs, pid, startedByHand }) => (
            <tr key={name}>
              <th scope="row"><bdi>{oneLine(name, 120)}</bdi></th>
              <td>{visible(state)}{startedByHand ? l10n.t(', started by hand') : ''}</td>
              <td class="numeric">{tools === undefined ? l10n.t('not listed yet') : count(tools)}</td>
              <td class="numeric">{count(runs)}</td>
              <td class="numeric">{pid ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
