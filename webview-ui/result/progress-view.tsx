import * as l10n from '@vscode/l10n';
import type { RunDetail } from '../../src/shared/dto.ts';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import type { LogModel } from '../state/log-model.ts';
import { LongText } from '../value/long-text.tsx';
import { oneLine } from '../text.ts';

/** What the run is doing now; nothing once it has ended. */
export function ProgressView({ run, log }: { readonly run: RunDetail; readonly log: LogModel }) {
  const progress = log.progress.value;
  switch (run.state) {
    case 'queued':
      return <Notice tone="busy" icon="clock"><p>{l10n.t('Waiting for a free place: other runs are going on.')}</p></Notice>;
    case 'waiting':
      return <Question log={log} />;
    case 'running':
      return (
        <div class="progress">
          <p class="progress-text" title={progress ? oneLine(progress.message, 1000) : ''}>{progress ? <bdi>{oneLine(progress.message, 300)}</bdi> : l10n.t('Running…')}</p>
          <progress aria-label={l10n.t('Progress of the run')} {...(progress?.fraction === undefined ? {} : { value: progress.fraction, max: 1 })} />
        </div>
      );
    case 'done':
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return null;
  }
}

function Question({ log }: { readonly log: LogModel }) {
  const { asks, family } = useSession();
  const asked = [...asks.approvals.value, ...asks.questions.value].some(({ run }) => family.value.has(run));
  const last = log.lines.value.findLast(({ kind }) => kind === 'question' || kind === 'answer');
  return (
    <Notice tone="wait" icon="pause">
      <p>{asked ? l10n.t('The run is waiting for you. Answer below.') : l10n.t('The run is waiting for you. Answer in the prompt that the editor shows.')}</p>
      {last?.kind === 'question' && <LongText text={last.message} />}
    </Notice>
  );
}
