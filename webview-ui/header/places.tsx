import * as l10n from '@vscode/l10n';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Place } from '../state/kept.ts';
import { useSession } from '../state/use-session.ts';

/** The ways between a run, a new task and the history. */
export function Places() {
  const session = useSession();
  const places: readonly { readonly place: Place; readonly icon: IconName; readonly label: string }[] = [
    ...(session.place.value !== 'run' && session.shown.value ? [{ place: 'run', icon: 'back', label: l10n.t('Back to the run') } as const] : []),
    { place: 'new', icon: 'plus', label: l10n.t('New task') },
    { place: 'history', icon: 'history', label: l10n.t('History') },
    { place: 'usage', icon: 'chart', label: l10n.t('Usage') },
    { place: 'infrastructure', icon: 'pulse', label: l10n.t('Infrastructure') },
  ];
  return (
    <nav class="places" aria-label={l10n.t('Places')}>
      {places.map(({ place, icon, label }) => (
        <button
          key={place} type="button" class="button quiet" title={label} aria-label={label}
          {...(session.place.value === place ? { 'aria-current': 'page' } : {})} onClick={() => session.goTo(place)}
        >
          <Icon name={icon} />
          <span class="place-label">{label}</span>
        </button>
      ))}
    </nav>
  );
}
