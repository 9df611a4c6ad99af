import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { OpenQuestion } from '../../src/shared/conversation.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { Deadline } from './deadline.tsx';
import { LongText } from '../value/long-text.tsx';

/** A question of the run: one of its answers, or words of one's own. */
export function QuestionCard({ question }: { readonly question: OpenQuestion }) {
  const session = useSession();
  const text = useSignal('');
  const answer = (words: string | undefined) => void session.act(() => session.asks.answer(question, words));
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.value.trim() !== '') answer(text.value.trim());
  };
  return (
    <section class="approval" aria-labelledby={`question-${question.ask}`}>
      <h2 id={`question-${question.ask}`} class="approval-head" tabIndex={-1}><span class="question-text"><Icon name="question" tone="wait" /><LongText text={question.question} /></span><Deadline at={question.deadline} question /></h2>
      {question.choices !== undefined && question.choices.length > 0 && (
        <div class="approval-answers">
          {question.choices.map((choice) => <button key={choice} type="button" class="button" onClick={() => answer(choice)}>{oneLine(choice, 120)}</button>)}
        </div>
      )}
      <form class="answer-form" onSubmit={submit}>
        <label>
          <span class="visually-hidden">{l10n.t('Your answer')}</span>
          <input class="input" type="text" placeholder={l10n.t('Your answer')} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="button primary" disabled={text.value.trim() === ''}>{l10n.t('Answer')}</button>
        <button type="button" class="link" onClick={() => answer(undefined)}>{l10n.t('I will not answer')}</button>
      </form>
    </section>
  );
}
