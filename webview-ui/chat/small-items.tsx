import * as l10n from '@vscode/l10n';
import type { ChatItemOf } from '../../src/shared/chat.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { LongText } from '../value/long-text.tsx';

/** A question with its answer; while it is open it is answered above the composer. */
export function QuestionItem({ item }: { readonly item: ChatItemOf<'question'> }) {
  const { question, answer, closed } = item;
  return (
    <div class="small-item">
      <Icon name="question" tone="wait" />
      <div>
        <p><LongText text={question} /></p>
        {answer !== undefined && <p class="answer"><span class="hint">{l10n.t('You answered:')}</span> <LongText text={answer} /></p>}
        {answer === undefined && <p class="hint">{closed === undefined ? l10n.t('Waiting for your answer') : <LongText text={closed} />}</p>}
      </div>
    </div>
  );
}

export function DecisionItem({ item }: { readonly item: ChatItemOf<'decision'> }) {
  const { action, asked, allowed, reason } = item;
  const said = asked ? (allowed ? l10n.t('You allowed it.') : l10n.t('Not allowed: you or the time said no.')) : reason;
  return (
    <div class="small-item">
      <Icon name={allowed ? 'approval' : 'ban'} tone={allowed ? 'good' : 'bad'} />
      <div>
        <p class="action-text"><LongText text={action} mono /></p>
        <p class="hint"><LongText text={said} /></p>
      </div>
    </div>
  );
}

export function NoteItem({ item }: { readonly item: ChatItemOf<'note'> }) {
  return (
    <div class="small-item note">
      <Icon name={item.level === 'info' ? 'list' : 'warning'} tone={item.level === 'error' ? 'bad' : item.level === 'warn' ? 'wait' : 'quiet'} />
      <p class={item.level === 'info' ? 'hint' : ''}><LongText text={item.text} /></p>
    </div>
  );
}

/** The cost is told before the round is run. */
export function RepairItem({ item }: { readonly item: ChatItemOf<'repair'> }) {
  const { round, of, problem, spentTokens, spentUsd, estimateTokens, estimateUsd } = item;
  const money = (usd: number | undefined) => (usd === undefined ? '' : `, ${formatUsd(usd)}`);
  return (
    <div class="small-item">
      <Icon name="again" tone="wait" />
      <div>
        <p>{l10n.t('The check did not pass. Repair {0} of {1}', round, of)}</p>
        <p><LongText text={problem} /></p>
        <p class="hint">
          {l10n.t('So far: {0} tokens{1}.', count(spentTokens), money(spentUsd))}
          {estimateTokens !== undefined && ` ${l10n.t('This round: about {0} tokens{1}.', count(estimateTokens), money(estimateUsd))}`}
        </p>
      </div>
    </div>
  );
}
