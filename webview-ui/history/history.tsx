import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isFiltered } from '../../src/shared/run-filter.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import type { HistoryModel } from '../state/history-model.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { Filters } from './filters.tsx';
import { Found } from './found-run.tsx';
import { Sessions } from './sessions.tsx';

const typingMs = 150;

/** Everything that was run in this workspace, found by its words and what it was like; two of the runs can be compared. */
export function History() {
  const session = useSession();
  const { history } = session;
  const query = useSignal(session.kept.value.query ?? '');
  const filtering = useSignal(isFiltered(history.filter.value));
  const picked = useSignal<readonly string[]>([]);
  const box = useRef<HTMLInputElement>(null);
  const conversations = history.conversations.value;
  const filter = history.filter.value;
  useEffect(() => {
    // A page that is only drawn, at the start of a window, must not take the keys from the editor.
    if (document.hasFocus()) box.current?.focus();
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      session.kept.update({ query: query.value });
      void history.search(query.value);
    }, typingMs);
    return () => window.clearTimeout(timer);
  }, [query.value, filter, conversations]);
  const found = history.found.value;
  const showSession = (id: string) => {
    history.conversations.value = false;
    history.filter.value = { session: id };
    session.kept.update({ runFilter: history.filter.value });
    query.value = '';
    filtering.value = true;
  };
  const [a, b] = picked.value;
  return (
    <>
      <div class="toolbar">
        <h1 class="visually-hidden">{l10n.t('History')}</h1>
        <div class="switch" role="group" aria-label={l10n.t('List')}>
          <button type="button" class="switch-option" aria-pressed={!conversations} onClick={() => (history.conversations.value = false)}>{l10n.t('Runs')}</button>
          <button type="button" class="switch-option" aria-pressed={conversations} onClick={() => (history.conversations.value = true)}>{l10n.t('Conversations')}</button>
        </div>
        <label class="search">
          <Icon name="search" />
          <span class="visually-hidden">{l10n.t('Search runs')}</span>
          <input ref={box} type="search" placeholder={conversations ? l10n.t('Search conversations by their titles') : l10n.t('Search tasks and chains by their words')} value={query.value} onInput={(event) => (query.value = event.currentTarget.value)} />
        </label>
        <span class="hint" role="status">{tally(history)}</span>
        {!conversations && (
          <button type="button" class="button icon-only" aria-expanded={filtering.value} title={l10n.t('Filters')} aria-label={l10n.t('Filters')} onClick={() => (filtering.value = !filtering.value)}><Icon name="filter" /></button>
        )}
      </div>
      {!conversations && filtering.value && <Filters model={history} />}
      {a !== undefined && !conversations && (
        <div class="compare-bar">
          <button type="button" class="button primary" disabled={b === undefined} onClick={() => { if (b !== undefined) session.compare({ a, b }); }}><Icon name="compare" /> {l10n.t('Compare the two')}</button>
          <span class="hint">{b === undefined ? l10n.t('Choose another run to compare it with.') : ''}</span>
        </div>
      )}
      <div class="history">
        {history.problem.value && <Notice tone="wait" icon="warning"><p>{visible(history.problem.value.message)}</p></Notice>}
        {conversations
          ? <Sessions sessions={history.sessions.value ?? []} onOpen={showSession} />
          : (
            <ul class="plain found" aria-label={l10n.t('Runs that were found')}>
              {(found ?? []).map((run) => (
                <Found
                  key={run.id} run={run} picked={picked.value.includes(run.id)} onSession={showSession}
                  onPick={(on) => (picked.value = on ? [...picked.value, run.id].slice(-2) : picked.value.filter((id) => id !== run.id))}
                />
              ))}
            </ul>
          )}
        {history.isEmpty && <p class="hint">{emptyText(history, query.value)}</p>}
        {history.next.value !== undefined && <button type="button" class="button" onClick={() => session.attempt(history.more())}>{conversations ? l10n.t('Show older conversations…') : l10n.t('Show older runs…')}</button>}
      </div>
    </>
  );
}

function emptyText({ conversations, filter }: HistoryModel, query: string): string {
  if (conversations.value) return query.trim() === '' ? l10n.t('No conversation yet. A task begins one.') : l10n.t('No conversation has this in its titles.');
  if (isFiltered(filter.value)) return l10n.t('Nothing was found. All words must occur in the run, and all filters must hold.');
  return query.trim() === '' ? l10n.t('No run yet.') : l10n.t('Nothing was found. All words must occur in the run.');
}

function tally({ conversations, found, sessions, next }: HistoryModel): string {
  const items = conversations.value ? sessions.value : found.value;
  if (items === undefined) return '';
  if (next.value !== undefined) return l10n.t('{0} and more', items.length);
  if (conversations.value) return items.length === 1 ? l10n.t('1 conversation') : l10n.t('{0} conversations', items.length);
  return items.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', items.length);
}
