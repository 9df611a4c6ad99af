import * as l10n from '@vscode/l10n';
import type { RunDetail } from '../../src/shared/dto.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { bytes, count, dateTime } from '../format.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';
import { StoredView } from '../value/stored-view.tsx';

/** What the run was started with: input, what it was allowed to do, and its limits. */
export function AboutRun({ run }: { readonly run: RunDetail }) {
  return (
    <details class="section">
      <summary><h2>{l10n.t('Input, grants and limits')}</h2></summary>
      <dl class="pairs">
        <dt>{l10n.t('Source')}</dt>
        <dd><SourceLink run={run} /></dd>
        <dt>{l10n.t('Run id')}</dt>
        <dd class="with-copy"><code>{run.id}</code><CopyButton text={() => run.id} /></dd>
        <dt>{l10n.t('Created')}</dt>
        <dd>{dateTime(run.createdAt)}</dd>
        <dt>{l10n.t('Grants')}</dt>
        <dd>{run.grants.length === 0 ? l10n.t('None: it could only compute.') : <ul class="plain">{run.grants.map((grant) => <li key={grant}><code>{visible(grant)}</code></li>)}</ul>}</dd>
        <dt>{l10n.t('Questions to you')}</dt>
        <dd>{run.asks === 0 ? l10n.t('None: nothing had to be allowed.') : count(run.asks)}</dd>
        <dt>{l10n.t('Limits')}</dt>
        <dd><Limits run={run} /></dd>
      </dl>
      <StoredView value={run.input} heading={l10n.t('Input')} level={3} />
    </details>
  );
}

function SourceLink({ run }: { readonly run: RunDetail }) {
  const session = useSession();
  const file = run.source.split('#')[0] ?? '';
  if (run.kind === 'task' || file === '') return <bdi>{oneLine(run.source, 300)}</bdi>;
  return (
    <button type="button" class="link" onClick={() => void session.openSource({ file, line: 1, column: 1 })}>
      <bdi>{oneLine(run.source, 300)}</bdi>
    </button>
  );
}

function Limits({ run: { budget } }: { readonly run: RunDetail }) {
  const { wallMs, steps, moneyUsd, tokens, browserSeconds, egressBytes } = budget;
  const limits = [
    ...(wallMs === undefined ? [] : [l10n.t('{0} of time', formatDuration(wallMs))]),
    ...(steps === undefined ? [] : [steps === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(steps))]),
    ...(moneyUsd === undefined ? [] : [l10n.t('{0} of money', formatUsd(moneyUsd))]),
    ...(tokens === undefined ? [] : [l10n.t('{0} tokens', count(tokens))]),
    ...(browserSeconds === undefined ? [] : [l10n.t('{0} of browser time', formatDuration(browserSeconds * 1000))]),
    ...(egressBytes === undefined ? [] : [l10n.t('{0} over the network', bytes(egressBytes))]),
  ];
  return <>{limits.length === 0 ? l10n.t('None') : limits.join(', ')}</>;
}
