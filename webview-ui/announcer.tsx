import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunState } from '../src/shared/run-state.ts';
import { stateLook } from './parts/labels.ts';
import { useSession } from './state/use-session.ts';
import { oneLine } from './text.ts';

/** Tells screen readers when the state of the run changes, and of nothing else: each step of a busy run would drown it. */
export function Announcer() {
  const session = useSession();
  const text = useSignal('');
  const before = useRef<{ readonly run: string; readonly state: RunState } | undefined>(undefined);
  const run = session.view.value?.run;
  const failure = session.refusal.value ?? session.problem.value;
  useEffect(() => {
    if (!run) return;
    const last = before.current;
    before.current = { run: run.id, state: run.state };
    if (last?.run === run.id && last.state === run.state) return;
    const state = stateLook(run.state).label;
    text.value = last?.run === run.id && run.error ? `${state}. ${oneLine(run.error.message, 300)}` : l10n.t('{0}: {1}', oneLine(run.title, 100), state);
  }, [run?.id, run?.state]);
  useEffect(() => {
    if (failure) text.value = oneLine(failure.message, 300);
  }, [failure?.message]);
  return <div class="visually-hidden" role="status" aria-live="polite">{text.value}</div>;
}
