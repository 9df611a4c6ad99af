import * as l10n from '@vscode/l10n';
import type { RunSummary } from '../../src/shared/dto.ts';
import { dateTime } from '../format.ts';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** No run has this id: ids carry a prefix. */
const olderRuns = 'older';

/** The native list box: the keyboard, screen readers and high contrast themes get it right without help. */
export function RunPicker() {
  const session = useSession();
  const shown = session.shown.value?.id ?? '';
  const runs = session.list.runs.value;
  const view = session.view.value;
  const missing = view && !runs.some(({ id }) => id === shown) ? [view.run] : [];
  const onChange = (event: Event & { readonly currentTarget: HTMLSelectElement }) => {
    const { value } = event.currentTarget;
    if (value !== olderRuns) return session.open(value);
    event.currentTarget.value = shown;
    session.attempt(session.list.more());
  };
  return (
    <select class="picker" aria-label={l10n.t('Run to show')} value={shown} onChange={onChange}>
      {[...missing, ...runs].map((run) => <option key={run.id} value={run.id}>{describe(run)}</option>)}
      {session.list.next.value !== undefined && <option value={olderRuns}>{l10n.t('Show older runs…')}</option>}
    </select>
  );
}

function describe(run: RunSummary): string {
  return `${dateTime(run.createdAt)} · ${stateLook(run.state).label} · ${oneLine(run.title, 80)}`;
}
