import * as l10n from '@vscode/l10n';
import { exactUsd } from '../../src/shared/nano-text.ts';
import type { UsageReport } from '../../src/shared/usage-report.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** The dearest runs; those on record here open. */
export function TopRuns({ top, machine }: { readonly top: UsageReport['top']; readonly machine: string }) {
  const session = useSession();
  if (top.length === 0) return <p class="hint">{l10n.t('No run has cost anything.')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Dearest runs')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Run')}</th>
            <th scope="col">{l10n.t('Machine')}</th>
            <th scope="col" class="numeric">{l10n.t('Cost')}</th>
          </tr>
        </thead>
        <tbody>
          {top.map((run) => (
            <tr key={run.run}>
              <th scope="row">{run.machine === machine ? <button type="button" class="link" onClick={() => session.open(run.run)}><bdi>{oneLine(run.title, 120)}</bdi></button> : <bdi>{oneLine(run.title, 120)}</bdi>}</th>
              <td>{oneLine(run.machine, 100)}</td>
              <td class="numeric">{exactUsd(run.nanoUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
