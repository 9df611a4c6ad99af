import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FoundRun } from '../../src/shared/protocol-chat.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { cost, dateTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { stateLook } from '../parts/labels.ts';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';

const typingMs = 150;

/** Everything that was run in this workspace, found by its words. */
export function History() {
  const session = useSession();
  const { history } = session;
  const query = useSignal(session.kept.value.query ?? '');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      session.kept.update({ query: query.value });
      void history.search(query.value);
    }, typingMs);
    return () => window.clearTimeout(timer);
  }, [query.value]);
  const found = history.found.value;
  return (
    <>
      <div class="toolbar">
        <h1 class="visually-hidden">{l10n.t('History')}</h1>
        <label class="search">
          <Icon name="search" />
          <span class="visually-hidden">{l10n.t('Search runs')}</span>
          <input ref={box} type="search" placeholder={l10n.t('Search tasks and chains by their words')} value={query.value} onInput={(event) => (query.value = event.currentTarget.value)} />
        </label>
        <span class="hint" role="status">{tally(found, history.next.value !== undefined)}</span>
      </div>
      <div class="history">
        {history.problem.value && <Notice tone="wait" icon="warning"><p>{visible(history.problem.value.message)}</p></Notice>}
        <ul class="plain found" aria-label={l10n.t('Runs that were found')}>
          {(found ?? []).map((run) => <Found key={run.id} run={run} />)}
        </ul>
        {found?.length === 0 && <p class="hint">{query.value.trim() === '' ? l10n.t('No run yet.') : l10n.t('Nothing was found. All words must occur in the run.')}</p>}
        {history.next.value !== undefined && <button type="button" class="button" onClick={() => session.attempt(history.more())}>{l10n.t('Show older runs…')}</button>}
      </div>
    </>
  );
}

function Found({ run }: { readonly run: FoundRun }) {
  const session = useSession();
  return (
    <li class="found-run">
      <button type="button" class="link found-title" onClick={() => session.open(run.id)}><bdi>{oneLine(run.title, 200)}</bdi></button>
      {run.snippet !== undefined && <p class="hint">{oneLine(run.snippet, 300)}</p>}
      <p class="found-facts hint">
        <Badge look={stateLook(run.state)} />
        <span>{dateTime(run.createdAt)}</span>
        {run.durationMs !== undefined && <span>{formatDuration(run.durationMs)}</span>}
        <span>{cost(run.costUsd, run.costMark)}</span>
      </p>
    </li>
  );
}

function tally(found: readonly FoundRun[] | undefined, more: boolean): string {
  if (found === undefined) return '';
  if (more) return l10n.t('{0} and more', found.length);
  return found.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', found.length);
}
