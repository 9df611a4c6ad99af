import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { TargetedFocusEvent, TargetedKeyboardEvent } from 'preact';
import { oneLine } from '../text.ts';

export interface ManyChoicesProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** Lets the person add what is not in the list, and says what that may be. */
  readonly adding?: string;
}

function onKeyDown(event: TargetedKeyboardEvent<HTMLDetailsElement>): void {
  const list = event.currentTarget;
  if (event.key !== 'Escape' || !list.open) return;
  event.stopPropagation();
  list.open = false;
  list.querySelector('summary')?.focus();
}

/** A list that stays open behind one's back would cover what was looked for. */
function onFocusOut(event: TargetedFocusEvent<HTMLDetailsElement>): void {
  const to = event.relatedTarget;
  // Where nothing took the focus it may have been a scroll bar, or the window.
  if (to instanceof Node && !event.currentTarget.contains(to)) event.currentTarget.open = false;
}

/** Several of a list at once. Closed, it says which; open, it is a list of boxes to tick. */
export function ManyChoices({ label, chosen, options, onChange, adding }: ManyChoicesProps) {
  const typed = useSignal('');
  const labels = new Map(options);
  // What was chosen stays in the list, also where it has gone from what there is.
  const all = [...options, ...chosen.filter((value) => !labels.has(value)).map((value) => [value, value] as const)];
  const tick = (value: string, on: boolean) => onChange(on ? [...chosen, value] : chosen.filter((each) => each !== value));
  const add = () => {
    const value = typed.value.trim();
    typed.value = '';
    if (value !== '' && !chosen.includes(value)) tick(value, true);
  };
  const summary = chosen.length === 0 ? l10n.t('Any') : chosen.map((value) => oneLine(labels.get(value) ?? value, 60)).join(', ');
  return (
    <details class="filter many" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <summary title={summary}><span>{label}</span><span class="many-value"><span class="visually-hidden">: </span><bdi>{summary}</bdi></span></summary>
      <div class="many-list" role="group" aria-label={label}>
        {adding !== undefined && (
          <input
            type="text" aria-label={l10n.t('{0}: {1}', label, adding)} placeholder={adding} value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} onBlur={add}
            onKeyDown={(event) => { if (event.key === 'Enter') add(); }}
          />
        )}
        {all.map(([value, text]) => (
          <label key={value} class="many-option"><input type="checkbox" checked={chosen.includes(value)} onChange={(event) => tick(value, event.currentTarget.checked)} /> <bdi>{oneLine(text, 120)}</bdi></label>
        ))}
        {all.length === 0 && adding === undefined && <span class="hint">{l10n.t('Nothing to choose from yet.')}</span>}
      </div>
    </details>
  );
}
