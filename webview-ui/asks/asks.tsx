import * as l10n from '@vscode/l10n';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { ApprovalCard } from './approval-card.tsx';
import { QuestionCard } from './question-card.tsx';

/** What waits for the person: that of the run that is shown, and a word of the others. */
export function Asks() {
  const session = useSession();
  const { approvals, questions, late } = session.asks;
  const run = session.place.value === 'run' ? session.shown.value?.id : undefined;
  const own = approvals.value.filter((approval) => approval.run === run);
  const others = [...approvals.value, ...questions.value].filter((ask) => ask.run !== run);
  const [other] = others;
  const ownQuestions = questions.value.filter((question) => question.run === run);
  if (own.length === 0 && ownQuestions.length === 0 && !other && !late.value) return null;
  return (
    <section class="asks" aria-label={l10n.t('Waiting for you')}>
      {late.value && (
        <Notice tone="wait" icon="clock" onDismiss={() => (late.value = false)}>
          <p>{l10n.t('Too late: the run did not wait for this answer any longer, and nothing was done.')}</p>
        </Notice>
      )}
      {own.map((approval) => <ApprovalCard key={approval.id} approval={approval} />)}
      {ownQuestions.map((question) => <QuestionCard key={question.ask} question={question} />)}
      {other && (
        <p class="asks-others">
          {others.length === 1 ? l10n.t('Another run waits for you.') : l10n.t('{0} questions of other runs wait for you.', others.length)}{' '}
          <button type="button" class="link" onClick={() => session.open(other.run)}>{'title' in other ? oneLine(other.title, 60) : l10n.t('Show it')}</button>
        </p>
      )}
    </section>
  );
}
