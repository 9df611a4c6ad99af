import * as l10n from '@vscode/l10n';
import { useRef } from 'preact/hooks';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { ApprovalCard } from './approval-card.tsx';
import { QuestionCard } from './question-card.tsx';
import { useArrivals } from './use-arrivals.ts';

/** What waits for the person: that of the run that is shown, and a word of the others. */
export function Asks() {
  const session = useSession();
  const { approvals, questions, late } = session.asks;
  const run = session.place.value === 'run' ? session.shown.value?.id : undefined;
  const isOwn = (ask: { readonly run: string }) => run !== undefined && session.family.value.has(ask.run);
  const own = approvals.value.filter(isOwn);
  const others = [...approvals.value, ...questions.value].filter((ask) => !isOwn(ask));
  const [other] = others;
  const list = useRef<HTMLElement>(null);
  const ownQuestions = questions.value.filter(isOwn);
  const ids = [...own.map(({ id }) => `approval-${id}`), ...ownQuestions.map(({ ask }) => `question-${ask}`)];
  useArrivals(ids, list);
  if (own.length === 0 && ownQuestions.length === 0 && !other && !late.value) return null;
  return (
    <section class="asks" ref={list} aria-label={l10n.t('Waiting for you')}>
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
