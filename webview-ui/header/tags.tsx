import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** The tags of the run, to be put on and taken off. */
export function Tags({ tags }: { readonly tags: readonly string[] }) {
  const session = useSession();
  const typing = useSignal<string | undefined>(undefined);
  const box = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const isOpen = typing.value !== undefined;
  useEffect(() => {
    if (isOpen) box.current?.focus();
  }, [isOpen]);
  const close = () => {
    typing.value = undefined;
    // The box is about to go, and the focus would go with it.
    window.requestAnimationFrame(() => opener.current?.focus());
  };
  const add = async () => {
    const words = (typing.value ?? '').split(',').map((word) => word.trim()).filter((word) => word !== '');
    if (words.length === 0 || (await session.tag(words, []))) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') void add();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  };
  return (
    <div class="tags" role="group" aria-label={l10n.t('Tags')}>
      {tags.map((tag) => (
        <span key={tag} class="tag">
          <bdi>{oneLine(tag, 100)}</bdi>
          <button type="button" class="tag-remove" title={l10n.t('Remove the tag {0}', oneLine(tag, 100))} aria-label={l10n.t('Remove the tag {0}', oneLine(tag, 100))} onClick={() => void session.tag([], [tag])}><Icon name="cross" /></button>
        </span>
      ))}
      {isOpen
        ? <input ref={box} class="tag-input" aria-label={l10n.t('New tag')} placeholder={l10n.t('New tag')} value={typing.value} maxLength={500} onInput={(event) => (typing.value = event.currentTarget.value)} onKeyDown={onKeyDown} onBlur={() => { if (typing.value === '') typing.value = undefined; }} />
        : <button ref={opener} type="button" class="button icon-only" title={l10n.t('Add a tag')} aria-label={l10n.t('Add a tag')} onClick={() => (typing.value = '')}><Icon name="tag" /></button>}
    </div>
  );
}
