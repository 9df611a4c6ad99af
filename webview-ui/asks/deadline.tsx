import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/shared/duration.ts';
import { useSession } from '../state/use-session.ts';

/** Time that is left to answer. It is read out when it is asked for, not every second. */
export function Deadline({ at, question = false }: { readonly at: number; readonly question?: boolean }) {
  const { clock } = useSession();
  const left = Math.max(0, at - clock.now.value);
  const time = formatDuration(Math.round(left / 1000) * 1000);
  return <span class="hint deadline" role="timer" aria-live="off">{question ? l10n.t('{0} left, then it goes on without an answer', time) : l10n.t('{0} left, then no', time)}</span>;
}
