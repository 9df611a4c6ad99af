import * as l10n from '@vscode/l10n';
import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { MentionCandidate, MentionCompletion } from '../../src/shared/mentions.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

export interface Mentions {
  readonly open: boolean;
  readonly active: number;
  readonly candidates: readonly MentionCandidate[];
  look(): void;
  close(): void;
  choose(index: number): void;
  /** True where the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
}

/** Completion of `@` in the box: the host knows the files, the page only shows what fits. */
export function useMentions(box: RefObject<HTMLTextAreaElement | null>, text: Signal<string>, set: (text: string) => void): Mentions {
  const { composer } = useSession();
  const found = useSignal<MentionCompletion | undefined>(undefined);
  const active = useSignal(0);
  const candidates = found.value?.candidates ?? [];
  const close = () => {
    composer.forgetMentions();
    found.value = undefined;
  };
  const look = () => {
    const cursor = box.current?.selectionStart ?? 0;
    // Most of what is typed is no mention, and costs no question.
    if (!text.value.slice(0, cursor).includes('@')) return close();
    composer.mentions(text.value, cursor).then(
      (completion) => {
        if (completion === undefined) return;
        found.value = completion.candidates.length > 0 ? completion : undefined;
        active.value = 0;
      },
      () => (found.value = undefined),
    );
  };
  const choose = (index: number) => {
    const completion = found.value;
    const candidate = completion?.candidates[index];
    if (!completion || !candidate?.available) return;
    set(text.value.slice(0, completion.from) + candidate.insert + text.value.slice(completion.to));
    found.value = undefined;
    const cursor = completion.from + candidate.insert.length;
    // At once, not when the page is drawn next: keys that are typed meanwhile must land behind what was put in.
    if (box.current) {
      box.current.value = text.value;
      box.current.focus();
      box.current.setSelectionRange(cursor, cursor);
    }
    // Kinds that want more, such as a path, go on completing.
    if (candidate.insert.endsWith(':')) look();
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (candidates.length === 0) return false;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        active.value = (active.value + (event.key === 'ArrowDown' ? 1 : -1) + candidates.length) % candidates.length;
        break;
      case 'Enter':
      case 'Tab':
        if (event.shiftKey || candidates[active.value]?.available !== true) return false;
        choose(active.value);
        break;
      case 'Escape':
        close();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  return { open: candidates.length > 0, active: active.value, candidates, look, close, choose, onKeyDown };
}

export function MentionMenu({ mentions }: { readonly mentions: Mentions }) {
  if (!mentions.open) return null;
  return (
    <ul class="mentions" id="mention-list" role="listbox" aria-label={l10n.t('What to mention')}>
      {mentions.candidates.map(({ label, detail, available }, index) => (
        <li
          key={`${label} ${index}`} id={`mention-${index}`} role="option" class="mention" aria-selected={index === mentions.active} aria-disabled={!available}
          // The box keeps the focus: its loss would close the list before the click counts.
          onMouseDown={(event) => { event.preventDefault(); mentions.choose(index); }}
          ref={(row) => { if (index === mentions.active) row?.scrollIntoView({ block: 'nearest' }); }}
        >
          <bdi class="mention-label">{oneLine(label, 200)}</bdi>
          {detail !== undefined && <span class="hint">{oneLine(detail, 200)}</span>}
        </li>
      ))}
    </ul>
  );
}
