import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { ChatItemOf, Note } from '../../src/shared/chat.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
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
  const { action, allowed } = item;
  return (
    <div class="small-item">
      <Icon name={allowed ? 'approval' : 'ban'} tone={allowed ? 'good' : 'bad'} />
      <div>
        <p class="action-text"><LongText text={action} mono /></p>
        <p class="hint"><LongText text={saidOf(item)} /></p>
      </div>
    </div>
  );
}

/** Who has decided it. What was asked and left no word of its end says why it was asked. */
function saidOf({ asked, allowed, reason, how, words }: ChatItemOf<'decision'>): string {
  if (!asked) return reason;
  if (allowed) return l10n.t('You allowed it.');
  switch (how) {
    case 'deny':
      return words === undefined ? l10n.t('You said no.') : l10n.t('You said no: {0}', words);
    case 'timeout':
      return l10n.t('Not allowed: nobody answered in time.');
    case 'nobody':
      return l10n.t('Not allowed: nobody could be asked.');
    case 'ended':
      return l10n.t('Not done: the run ended before there was an answer.');
    default:
      return reason;
  }
}

export function NoteItem({ note: { level, text } }: { readonly note: Note }) {
  return (
    <div class="small-item note">
      <Icon name={level === 'info' ? 'list' : 'warning'} tone={level === 'error' ? 'bad' : level === 'warn' ? 'wait' : 'quiet'} />
      <p class={level === 'info' ? 'hint' : ''}><LongText text={text} /></p>
    </div>
  );
}

/** Where the model no longer has every word before; while the task goes on, the person can give it all of them again. */
export function ShortenedItem({ item, chat }: { readonly item: ChatItemOf<'shortened'>; readonly chat: ChatModel }) {
  const session = useSession();
  const asked = useSignal<number | undefined>(undefined);
  const { before, after, status, whole } = item;
  const offered = session.going.value && chat.run === session.shown.value?.id && !whole && asked.value === undefined && after !== undefined && after < before;
  return (
    <div class="small-item note">
      <Icon name="collapse" tone="quiet" />
      <div>
        <p class="hint">
          {status === 'running' || after === undefined ? l10n.t('Making room in the conversation: about {0} tokens', count(before)) : l10n.t('The conversation was shortened to make room: about {0} tokens before, {1} after. The record keeps every word.', count(before), count(after))}
        </p>
        {offered && <p><button type="button" class="button" onClick={() => void session.act(async () => void (asked.value = (await session.client.request('chat.useWhole', { run: chat.run })).tokens))}>{l10n.t('Use the whole conversation again')}</button></p>}
        {!whole && asked.value !== undefined && <p class="hint" role="status">{l10n.t('The next turn begins with the whole conversation, about {0} tokens.', count(asked.value))}</p>}
        {whole && <p class="hint">{l10n.t('The whole conversation was used again.')}</p>}
      </div>
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
