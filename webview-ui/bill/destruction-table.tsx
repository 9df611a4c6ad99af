import * as l10n from '@vscode/l10n';
import type { DestructionReport, LeaseReport } from '../../src/shared/dto.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { clockTime, count } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { leaseKindLabel, type Look } from '../parts/labels.ts';
import { Notice } from '../parts/notice.tsx';
import { oneLine, visible } from '../text.ts';

export function DestructionTable({ report, ended }: { readonly report: DestructionReport; readonly ended: boolean }) {
  if (report.leases.length === 0) return <p class="hint">{ended ? l10n.t('This run created nothing.') : l10n.t('This run has created nothing yet.')}</p>;
  return (
    <>
      {ended && <Verdict report={report} />}
      <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Destruction report')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{l10n.t('Lease')}</th>
              <th scope="col">{l10n.t('State')}</th>
              <th scope="col">{l10n.t('Created')}</th>
              <th scope="col">{l10n.t('Destroyed')}</th>
              <th scope="col" class="numeric">{l10n.t('Lived')}</th>
              <th scope="col">{l10n.t('How it was verified')}</th>
            </tr>
          </thead>
          <tbody>{report.leases.map((lease) => <Lease key={lease.id} lease={lease} ended={ended} />)}</tbody>
        </table>
      </div>
    </>
  );
}

function Verdict({ report: { leases, clean } }: { readonly report: DestructionReport }) {
  if (clean) {
    return <Notice tone="good" icon="check"><p>{leases.length === 1 ? l10n.t('The one thing that this run created is gone, verified.') : l10n.t('All {0} things that this run created are gone, each verified.', count(leases.length))}</p></Notice>;
  }
  const left = leases.filter((lease) => lease.destroyedAt === undefined || !lease.verified).length;
  return <Notice tone="bad" icon="cross"><p>{l10n.t('{0} of {1} things that this run created could not be verified as gone. The next start sweeps them.', count(left), count(leases.length))}</p></Notice>;
}

function Lease({ lease, ended }: { readonly lease: LeaseReport; readonly ended: boolean }) {
  const { createdAt, destroyedAt } = lease;
  return (
    <tr>
      <th scope="row">
        <span class="service"><bdi title={oneLine(lease.label, 1000)}>{oneLine(lease.label, 120)}</bdi></span>
        <span class="hint service-what">{leaseKindLabel(lease.kind)}</span>
      </th>
      <td class="nowrap"><Badge look={leaseLook(lease, ended)} /></td>
      <td class="nowrap">{clockTime(createdAt)}</td>
      <td class="nowrap">{destroyedAt === undefined ? '' : clockTime(destroyedAt)}</td>
      <td class="numeric">{destroyedAt === undefined ? '' : formatDuration(destroyedAt - createdAt)}</td>
      <td class="wrap">{destroyedAt === undefined ? '' : visible(lease.how)}{lease.error && <span class="problem">{visible(lease.error.message)}</span>}</td>
    </tr>
  );
}

function leaseLook({ destroyedAt, verified }: LeaseReport, ended: boolean): Look {
  if (destroyedAt !== undefined) return verified ? { label: l10n.t('Gone'), icon: 'check', tone: 'good' } : { label: l10n.t('Not verified'), icon: 'cross', tone: 'bad' };
  return ended ? { label: l10n.t('End not recorded'), icon: 'question', tone: 'bad' } : { label: l10n.t('In use'), icon: 'spinner', tone: 'busy' };
}
