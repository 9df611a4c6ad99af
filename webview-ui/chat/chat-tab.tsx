import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RunView } from '../../src/shared/protocol.ts';
import { Icon } from '../parts/icon.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { ChatItems } from './chat-items.tsx';
import { EarlierRuns } from './earlier-runs.tsx';
import { EndActions } from './end-actions.tsx';
import { TaskList } from './task-list.tsx';

/** Closer to the end than this is at the end: what is new then comes into sight by itself. */
const nearEnd = 60;

/** What moves when one scrolls: in a window of few lines the conversation has its whole height, and the page moves. */
function scrolled(conversation: HTMLElement): Element {
  return conversation.scrollHeight > conversation.clientHeight ? conversation : (document.scrollingElement ?? conversation);
}

/** A task as the conversation that it is, the newest at the bottom. */
export function ChatTab({ chat, view }: { readonly chat: ChatModel; readonly view: RunView }) {
  const session = useSession();
  const scroller = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const toEnd = () => {
    const moving = scroller.current && scrolled(scroller.current);
    moving?.scrollTo({ top: moving.scrollHeight });
  };
  useLayoutEffect(() => {
    const [outer, inner] = [scroller.current, inside.current];
    if (!outer || !inner) return undefined;
    let top = 0;
    const growth = new ResizeObserver(() => {
      if (!away.peek()) toEnd();
      top = scrolled(outer).scrollTop;
    });
    growth.observe(inner);
    growth.observe(outer);
    const onScroll = () => {
      const { scrollHeight, scrollTop, clientHeight } = scrolled(outer);
      if (scrollHeight - scrollTop - clientHeight <= nearEnd) away.value = false;
      // The end may be far because more has come since the scroll to it: only who goes up goes away from it.
      else if (scrollTop < top) away.value = true;
      top = scrollTop;
    };
    const movers = [outer, window];
    for (const mover of movers) mover.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      growth.disconnect();
      for (const mover of movers) mover.removeEventListener('scroll', onScroll);
    };
  }, [chat]);
  const items = chat.items.value;
  const first = items?.[0]?.index ?? 0;
  return (
    <>
      <TaskList steps={chat.plan.value} going={session.going.value} />
      <div class="chat" ref={scroller} tabIndex={0} role="region" aria-label={l10n.t('Conversation')}>
        <div class="chat-inside" ref={inside}>
          {items === undefined && <p class="loading">{l10n.t('Reading the run…')}</p>}
          {view.run.parent !== undefined && <PartOf parent={view.run.parent} />}
          <EarlierRuns chat={chat} />
          {first > 0 && <button type="button" class="button" onClick={() => session.attempt(chat.earlier())}>{l10n.t('Show what came before ({0})', first)}</button>}
          {items && <ChatItems items={items} chat={chat} />}
          {!session.going.value && <EndActions chat={chat} view={view} />}
        </div>
      </div>
      {away.value && (
        <button type="button" class="button to-end" onClick={toEnd} title={l10n.t('Go to the newest')} aria-label={l10n.t('Go to the newest')}>
          <Icon name="down" />
        </button>
      )}
    </>
  );
}

/** The way back up from the run of an agent. */
function PartOf({ parent }: { readonly parent: string }) {
  const session = useSession();
  return <p class="hint">{l10n.t('Another run has started this one.')} <button type="button" class="link" onClick={() => session.open(parent)}>{l10n.t('Show that run')}</button></p>;
}
