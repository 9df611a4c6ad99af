import * as l10n from '@vscode/l10n';
import type { SessionSummary } from '../../src/shared/conversation.ts';
import { cost, dateTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { stateLook } from '../parts/labels.ts';
import { oneLine } from '../text.ts';

/** Conversations: a task with its follow-ups, or the traces to which another program has given one session id. */
export function Sessions({ sessions, onOpen }: { readonly sessions: readonly SessionSummary[]; readonly onOpen: (session: string) => void }) {
  return (
    <ul class="plain found" aria-label={l10n.t('Conversations that were found')}>
      {sessions.map((session) => (
        <li key={session.id} class="found-run">
          <button type="button" class="link found-title" onClick={() => onOpen(session.id)}><bdi>{oneLine(session.title, 200)}</bdi></button>
          <p class="found-facts hint">
            <Badge look={stateLook(session.state)} />
            <span>{session.runs.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', session.runs.length)}</span>
            <span>{dateTime(session.updatedAt)}</span>
            <span>{cost(session.costUsd, session.costMark)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
