import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/shared/duration.ts';
import type { LiveLease } from '../../src/shared/infrastructure.ts';
import { leaseKindLabel } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** Everything that was created and is not gone yet, of all programs on this store. */
export function LeasesTable({ leases, at, owner }: { readonly leases: readonly LiveLease[]; readonly at: number; readonly owner: number }) {
  const session = useSession();
  if (leases.length === 0) return <p class="hint">{l10n.t('Nothing is held: whatever runs created is gone.')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Live leases')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Lease')}</th>
            <th scope="col">{l10n.t('Belongs to')}</th>
            <th scope="col" class="numeric">{l10n.t('Age')}</th>
            <th scope="col" class="numeric">{l10n.t('Process')}</th>
          </tr>
        </thead>
        <tbody>
          {leases.map((lease) => (
            <tr key={lease.id}>
              <th scope="row">
                <span class="service"><bdi title={oneLine(lease.label, 1000)}>{oneLine(lease.label, 120)}</bdi></span>
                <span class="hint service-what">{leaseKindLabel(lease.kind)}</span>
              </th>
              <td>
                {lease.run === undefined ? l10n.t('this program, for the next run') : <RunLink run={lease.run} title={lease.title ?? lease.run} onOpen={(run) => session.open(run)} />}
                {lease.owner !== owner && <span class="hint service-what">{l10n.t('in another program, process {0}', String(lease.owner))}</span>}
              </td>
              <td class="numeric">{formatDuration(Math.max(0, at - lease.createdAt))}</td>
              <td class="numeric">{lease.pid ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunLink({ run, title, onOpen }: { readonly run: string; readonly title: string; readonly onOpen: (run: string) => void }) {
  return <button type="button" class="link" onClick={() => onOpen(run)}><bdi>{oneLine(title, 120)}</bdi></button>;
}
