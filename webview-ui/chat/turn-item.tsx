import * as l10n from '@vscode/l10n';
import type { ChatItemOf, Note } from '../../src/shared/chat.ts';
import type { ModelUse } from '../../src/shared/conversation.ts';
import type { ErrorInfo } from '../../src/shared/errors.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { cost, count } from '../format.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorView } from '../result/error-view.tsx';
import type { ChatModel, Typing } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { LongText } from '../value/long-text.tsx';
import { NoteItem } from './small-items.tsx';

/** One answer of the model: its words, what it thought, and what that took. */
export function TurnItem({ item, chat }: { readonly item: ChatItemOf<'turn'>; readonly chat: ChatModel }) {
  const session = useSession();
  const typing = chat.typing.value?.step === item.id ? chat.typing.value : undefined;
  if (item.status === 'running') return <TypingItem typing={typing ?? { step: item.id, text: '', reasoning: '' }} notes={item.notes} />;
  // Between the end of the answer and the next notice, what was typed is what was said.
  const text = item.text === '' ? '' : item.text;
  return (
    <article aria-label={l10n.t('Turn {0} of {1}', item.turn, oneLine(item.model, 100))}>
      <Notes notes={item.notes} />
      {item.reasoning !== undefined && item.reasoning !== '' && <Reasoning text={item.reasoning} going={false} />}
      {text !== '' && <Markdown text={text} />}
      {item.more && <button type="button" class="link" onClick={() => session.showStep(item.id, chat.run)}>{l10n.t('The whole answer is in the trace')}</button>}
      {item.error && !endsWith(chat, item.error) && <ErrorView error={item.error} tone="wait" />}
      <p class="turn-foot hint">
        <span>{oneLine(item.model, 80)}</span>
        {item.use && <Use use={item.use} />}
        {item.ms !== undefined && <span>{formatDuration(item.ms)}</span>}
        {text !== '' && <CopyButton text={() => item.text} />}
        <ForkButton turn={item.turn} run={chat.run} />
      </p>
    </article>
  );
}

/** What a task has failed with stands at its end: once is enough. */
function endsWith(chat: ChatModel, { message }: ErrorInfo): boolean {
  const end = chat.items.value?.at(-1);
  return end?.kind === 'end' && end.error?.message === message;
}

/** What came before the answer stands above it. */
function Notes({ notes = [] }: { readonly notes: readonly Note[] | undefined }) {
  return <>{notes.map((note, index) => <NoteItem key={index} note={note} />)}</>;
}

export function TypingItem({ typing, notes }: { readonly typing: Typing; readonly notes?: readonly Note[] | undefined }) {
  const { text, reasoning } = typing;
  return (
    <article aria-busy="true" aria-label={l10n.t('The model answers')}>
      <Notes notes={notes} />
      {reasoning !== '' && <Reasoning text={reasoning} going={text === ''} />}
      {text !== '' && <Markdown text={text} />}
      <p class="typing-mark" aria-hidden="true"><span /><span /><span /></p>
      {text === '' && reasoning === '' && <p class="visually-hidden">{l10n.t('Waiting for the model')}</p>}
    </article>
  );
}

/** Folded once the answer begins: it is the way there, not the answer. */
function Reasoning({ text, going }: { readonly text: string; readonly going: boolean }) {
  return (
    <details class="reasoning" open={going}>
      <summary>{going ? l10n.t('Thinking…') : l10n.t('Thoughts')}</summary>
      <div class="reasoning-text"><LongText text={text} /></div>
    </details>
  );
}

export function Use({ use }: { readonly use: ModelUse }) {
  const { inputTokens, outputTokens, tokensMark, costUsd, costMark } = use;
  const about = tokensMark === 'estimated' ? l10n.t('about {0} tokens in, {1} out', count(inputTokens), count(outputTokens)) : l10n.t('{0} tokens in, {1} out', count(inputTokens), count(outputTokens));
  return (
    <>
      <span>{about}</span>
      <span>{cost(costUsd ?? 0, costUsd === undefined ? 'unknown' : (costMark ?? 'computed'))}</span>
    </>
  );
}

/** Takes the conversation up to this turn into a new task; what differs is said in the composer. */
function ForkButton({ turn, run }: { readonly turn: number; readonly run: string }) {
  const session = useSession();
  // The words are written below the run that is shown: another one is opened first.
  if (session.going.value || turn === 0 || run !== session.shown.value?.id) return null;
  return (
    <button type="button" class="link" onClick={() => session.startFork(turn)} title={l10n.t('Begin a new task that knows the conversation up to here')}>
      {l10n.t('Fork')}
    </button>
  );
}
