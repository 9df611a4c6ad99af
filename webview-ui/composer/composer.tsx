import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { Attachments, addPictures } from './attachments.tsx';
import { MentionMenu, useMentions } from './mention-menu.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { ModelButton } from './model-button.tsx';
import { NotReady } from './not-ready.tsx';

export interface ComposerProps {
  /** `new` begins a task; `run` speaks to the one that is shown. */
  readonly target: 'new' | 'run';
}

/** Where a person says what they want: a new task, a word to the one that goes on, or what is to follow the one that has ended. */
export function Composer({ target }: ComposerProps) {
  const session = useSession();
  const { composer } = session;
  const draftOf = target === 'new' ? 'new' : (session.shown.value?.id ?? 'new');
  const forking = target === 'run' && session.fork.value?.run === draftOf ? session.fork.value : undefined;
  const steering = target === 'run' && session.going.value;
  const text = useSignal(composer.draft(draftOf));
  const box = useRef<HTMLTextAreaElement>(null);
  const mentions = useMentions(box, text, (value) => set(value));
  const set = (value: string) => {
    text.value = value;
    composer.keepDraft(draftOf, value);
  };
  useLayoutEffect(() => void (text.value = composer.draft(draftOf)), [draftOf, composer.revision.value]);
  useLayoutEffect(() => grow(box.current), [text.value]);
  useEffect(() => {
    // Who has just sent something goes on writing where they were, unless they have gone to another part of the editor: a list of choices that loses the focus closes. Nor must a page
    // that is only drawn, at the start of a window, take the keys from there.
    if (composer.called || (document.hasFocus() && (forking || composer.sent || target === 'new'))) box.current?.focus();
    composer.sent = false;
    composer.called = false;
  }, [target, forking, composer.revision.value]);
  const empty = text.value.trim() === '';
  const send = async () => {
    if (empty || composer.sending.value) return;
    const words = text.value;
    mentions.close();
    if (!(await session.send(words, target))) return;
    // What was typed meanwhile belongs to the next message.
    composer.keepDraft(draftOf, '');
    if (text.value === words) text.value = '';
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.onKeyDown(event) || event.key !== 'Enter' || event.isComposing || event.altKey) return;
    const combined = event.ctrlKey || event.metaKey;
    const sends = session.settings.value.sendWith === 'enter' ? !event.shiftKey : combined;
    if (!sends) return;
    event.preventDefault();
    void send();
  };
  const label = steering ? l10n.t('Say something to the task that goes on') : target === 'run' ? l10n.t('What is to follow?') : l10n.t('What is to be done?');
  const hint = session.settings.value.sendWith === 'enter' ? l10n.t('Enter sends, Shift+Enter makes a new line, @ mentions files and more') : l10n.t('Ctrl+Enter sends, Enter makes a new line, @ mentions files and more');
  return (
    <form class="composer" aria-label={l10n.t('Message')} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <MentionMenu mentions={mentions} />
      {forking && (
        <p class="composer-fork">
          {l10n.t('A new task, from turn {0} of this one', forking.turn)}{' '}
          <button type="button" class="link" onClick={() => (session.fork.value = undefined)}>{l10n.t('Not now')}</button>
        </p>
      )}
      {target === 'run' && !steering && <NotReady />}
      <Attachments />
      <textarea
        ref={box} class="composer-text" rows={1} aria-label={label} placeholder={label} title={hint} value={text.value} spellcheck
        aria-autocomplete="list" aria-haspopup="listbox" {...(mentions.open ? { 'aria-controls': 'mention-list', 'aria-activedescendant': `mention-${mentions.active}` } : {})}
        onInput={(event) => { set(event.currentTarget.value); mentions.look(); }} onKeyDown={onKeyDown} onClick={() => mentions.look()} onBlur={() => mentions.close()}
        onPaste={(event) => addPictures(session, event.clipboardData?.files)}
      />
      <div class="composer-line">
        {!steering && <ModeSwitch />}
        <ModelButton />
        {!steering && <AttachButton />}
        <span class="composer-space" />
        {steering && (
          <button type="button" class="button icon-only" disabled={session.view.value?.live !== true} onClick={() => void session.stop()} title={l10n.t('Stop the task')} aria-label={l10n.t('Stop the task')}>
            <Icon name="stop" />
          </button>
        )}
        <button type="submit" class="button primary" disabled={empty || composer.sending.value} title={hint}>
          <Icon name={composer.sending.value ? 'spinner' : 'send'} />
          {steering ? l10n.t('Queue') : l10n.t('Send')}
        </button>
      </div>
    </form>
  );
}

function AttachButton() {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const model = session.composer.model.value;
  const blind = model !== undefined && !model.pictures;
  const label = blind ? l10n.t('This model sees no pictures') : l10n.t('Attach a picture');
  return (
    <>
      <button type="button" class="button icon-only" disabled={blind} title={label} aria-label={label} onClick={() => input.current?.click()}><Icon name="attach" /></button>
      <input
        ref={input} type="file" accept="image/png,image/jpeg,image/webp,image/gif" multiple hidden aria-hidden="true" tabIndex={-1}
        onChange={(event) => { addPictures(session, event.currentTarget.files); event.currentTarget.value = ''; }}
      />
    </>
  );
}

/** As tall as what stands in it, up to the limit of the style sheet. */
function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight + 2}px`;
}
