import * as l10n from '@vscode/l10n';
import type { ChatItemOf } from '../../src/shared/chat.ts';
import { LongText } from '../value/long-text.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';

/** What the person said: as it was written, because it is theirs. */
export function PersonItem({ item, chat }: { readonly item: ChatItemOf<'person'>; readonly chat: ChatModel }) {
  const session = useSession();
  const { message, state } = item;
  const withdraw = () => session.act(async () => {
    if (message === undefined) return;
    await session.client.request('chat.withdraw', { run: chat.run, message });
    await session.refresh();
  });
  return (
    <div class={`bubble bubble-${state}`}>
      <h2 class="visually-hidden">{l10n.t('You said')}</h2>
      <LongText text={item.text} />
      {item.pictures > 0 && <p class="hint">{item.pictures === 1 ? l10n.t('With a picture') : l10n.t('With {0} pictures', item.pictures)}</p>}
      {state === 'queued' && (
        <p class="bubble-foot">
          <span class="hint">{l10n.t('Waiting: the model reads it before its next turn.')}</span>
          {session.going.value && <button type="button" class="link" onClick={() => void withdraw()}>{l10n.t('Withdraw')}</button>}
        </p>
      )}
      {state === 'withdrawn' && <p class="hint">{l10n.t('Withdrawn')}</p>}
    </div>
  );
}
