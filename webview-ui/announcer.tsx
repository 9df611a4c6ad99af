import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunState } from '../src/shared/run-state.ts';
import { stateLook } from './parts/labels.ts';
import { useSession } from './state/use-session.ts';
import { oneLine } from './text.ts';

/** Tells screen readers when the state of the run changes and when something waits for the person, and of nothing else: each step of a busy run would drown it. */
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
  const { approvals, questions } = session.asks;
  const urgent = useSignal('');
  const told = useRef<ReadonlySet<string>>(new Set());
  const asks = [...approvals.value.map(({ id, text: action }) => ({ id, words: l10n.t('Allow this? {0}', oneLine(action, 300)) })), ...questions.value.map(({ ask, question }) => ({ id: ask, words: oneLine(question, 300) }))];
  useEffect(() => {
    const fresh = asks.filter(({ id }) => !told.current.has(id));
    told.current = new Set(asks.map(({ id }) => id));
    // Who has just sent something is about to be in the composer of its task: which of the two is drawn first nobody knows.
    const isWriting = session.composer.sent || document.activeElement?.matches('.composer-text') === true;
    // Out of the composer the way there is one key.
    if (fresh.length > 0) urgent.value = `${fresh.map(({ words }) => words).join(' ')} ${isWriting ? l10n.t('Shift+Tab goes there.') : ''}`.trim();
  }, [asks.map(({ id }) => id).join(' ')]);
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">{text.value}</div>
      <div class="visually-hidden" role="alert">{urgent.value}</div>
    </>
  );
}
