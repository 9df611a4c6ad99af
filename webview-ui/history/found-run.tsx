import * as l10n from '@vscode/l10n';
import type { FoundRun } from '../../src/shared/protocol-chat.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { cost, dateTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

export interface FoundProps {
  readonly run: FoundRun;
  /** Chosen to be compared. */
  readonly picked: boolean;
  readonly onPick: (picked: boolean) => void;
  readonly onSession: (session: string) => void;
}

/** A run that was found: what it was, what it cost, and the ways on from it. */
export function Found({ run, picked, onPick, onSession }: FoundProps) {
  const session = useSession();
  const title = oneLine(run.title, 200);
  const conversation = run.session;
  return (
    <li class="found-run">
      <button type="button" class="link found-title" onClick={() => session.open(run.id)}><bdi>{title}</bdi></button>
      {run.snippet !== undefined && <p class="hint">{oneLine(run.snippet, 300)}</p>}
      <p class="found-facts hint">
        <Badge look={stateLook(run.state)} />
        <span>{dateTime(run.createdAt)}</span>
        {run.durationMs !== undefined && <span>{formatDuration(run.durationMs)}</span>}
        <span>{cost(run.costUsd, run.costMark)}</span>
        {run.tags.map((tag) => <span key={tag} class="tag"><bdi>{oneLine(tag, 100)}</bdi></span>)}
        {conversation !== undefined && <button type="button" class="link" onClick={() => onSession(conversation)}>{l10n.t('Conversation')}<span class="visually-hidden">{l10n.t(' of {0}', title)}</span></button>}
        <label class="pick"><input type="checkbox" checked={picked} onChange={(event) => onPick(event.currentTarget.checked)} /> {l10n.t('Compare')}<span class="visually-hidden"> {title}</span></label>
      </p>
    </li>
  );
}
