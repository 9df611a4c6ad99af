import * as l10n from '@vscode/l10n';
import type { ChatItem } from '../../src/shared/chat.ts';
import type { ChatModel } from '../state/chat-model.ts';
import { CallItem } from './call-item.tsx';
import { EditItem } from './edit-item.tsx';
import { EndItem } from './end-item.tsx';
import { PersonItem } from './person-item.tsx';
import { DecisionItem, NoteItem, QuestionItem, RepairItem, ShortenedItem } from './small-items.tsx';
import { TurnItem, TypingItem } from './turn-item.tsx';

export function ChatItems({ items, chat }: { readonly items: readonly ChatItem[]; readonly chat: ChatModel }) {
  const typing = chat.typing.value;
  const known = typing !== undefined && items.some(({ id }) => id === typing.step);
  return (
    <ol class="chat-items" aria-label={l10n.t('What was said and done')}>
      {items.map((item) => <li key={item.id} class={`chat-item chat-${item.kind}`}><Item item={item} chat={chat} /></li>)}
      {typing && !known && <li key={typing.step} class="chat-item chat-turn"><TypingItem typing={typing} /></li>}
    </ol>
  );
}

function Item({ item, chat }: { readonly item: ChatItem; readonly chat: ChatModel }) {
  switch (item.kind) {
    case 'person':
      return <PersonItem item={item} chat={chat} />;
    case 'turn':
      return <TurnItem item={item} chat={chat} />;
    case 'call':
      return <CallItem item={item} chat={chat} show={(items, inner) => <ChatItems items={items} chat={inner} />} />;
    case 'edit':
      return <EditItem item={item} chat={chat} />;
    case 'question':
      return <QuestionItem item={item} />;
    case 'repair':
      return <RepairItem item={item} />;
    case 'decision':
      return <DecisionItem item={item} />;
    case 'shortened':
      return <ShortenedItem item={item} chat={chat} />;
    case 'note':
      return <NoteItem note={item} />;
    case 'end':
      return <EndItem item={item} chat={chat} />;
  }
}
