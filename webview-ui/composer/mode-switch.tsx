import * as l10n from '@vscode/l10n';
import type { TaskMode } from '../../src/shared/events.ts';
import { useSession } from '../state/use-session.ts';

/** Native radio buttons: arrows move, screen readers say which of the two is chosen. */
export function ModeSwitch() {
  const { composer } = useSession();
  const modes: readonly { readonly mode: TaskMode; readonly label: string; readonly title: string }[] = [
    { mode: 'act', label: l10n.t('Act'), title: l10n.t('Does the work; asks before what was not granted') },
    { mode: 'plan', label: l10n.t('Plan'), title: l10n.t('Changes nothing: looks, and writes a plan that you can edit and approve') },
  ];
  return (
    <fieldset class="mode-switch">
      <legend class="visually-hidden">{l10n.t('How to work')}</legend>
      {modes.map(({ mode, label, title }) => (
        <label key={mode} class="mode" title={title}>
          <input type="radio" name="mode" value={mode} checked={composer.mode.value === mode} onChange={() => composer.setMode(mode)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
