import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunView } from '../../src/shared/protocol.ts';
import type { EventLine } from '../../src/shared/protocol-trace.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { clockTime } from '../format.ts';
import type { EventModel } from '../state/event-model.ts';
import type { TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { PictureDialog, type OpenPicture } from './picture-dialog.tsx';
import { revealRow, rowMoves } from './row-moves.ts';
import { RowPicture } from './row-picture.tsx';
import { useFollowEnd } from './use-follow-end.ts';
import { useWindow } from './use-window.ts';

const lineId = (seq: number) => `event-${seq}`;

export interface EventLogProps {
  readonly model: EventModel;
  readonly trace: TraceModel;
  readonly view: RunView;
}

/** Every event of the run in its order, as a list over lines that mostly do not exist. Enter goes to the step that a line is about. */
export function EventLog({ model, trace, view: { run } }: EventLogProps) {
  const session = useSession();
  const scroller = useRef<HTMLDivElement>(null);
  const { lines } = model;
  const total = lines.total.value ?? 0;
  const { first, end, rowHeight, perScreen, slots } = useWindow(scroller, total);
  const cursor = model.cursor.value;
  const pages = lines.pages.value;
  const picture = useSignal<OpenPicture | undefined>(undefined);
  useEffect(() => session.attempt(lines.view(first, end)), [lines, first, end, pages]);
  useFollowEnd(scroller, total);

  const moveTo = (index: number) => {
    model.moveTo(index);
    revealRow(scroller.current, model.cursor.value, rowHeight);
  };
  const show = (line: EventLine | undefined) => {
    if (line?.picture) picture.value = { picture: line.picture, of: line.text };
  };
  const open = (line: EventLine | undefined) => {
    if (line?.step !== undefined) session.attempt(trace.reveal(line.step));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = {
      ...rowMoves({ cursor, total, perScreen, moveTo }), Enter: () => (event.shiftKey && lines.row(cursor)?.picture ? show : open)(lines.row(cursor)),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const current = lines.row(cursor);
  const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  return (
    <>
      <div
        ref={scroller} class="event-log" role="listbox" tabIndex={0} aria-label={l10n.t('Events of the run')} aria-busy={lines.total.value === undefined} onKeyDown={onKeyDown}
        {...(current && cursor >= first && cursor < end ? { 'aria-activedescendant': lineId(current.seq) } : {})}
      >
        {total === 0 && lines.total.value !== undefined && <p class="hint event-none" role="option" aria-selected="false">{l10n.t('No event matches.')}</p>}
        <div role="none" class="tree-space" style={{ height: `${total * rowHeight}px` }}>
          {shown.map((index) => {
            const line = lines.row(index);
            const place = { transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` };
            if (!line) return <div key={index % slots} role="option" aria-selected="false" aria-busy="true" class="event row-loading" style={place}>{l10n.t('Reading…')}</div>;
            const text = oneLine(line.text, 600);
            return (
              <div
                key={index % slots} id={lineId(line.seq)} role="option" aria-selected={index === cursor} aria-posinset={index + 1} aria-setsize={total}
                class={`event event-${line.tone}${index === cursor ? ' selected' : ''}`} style={place} title={`${clockTime(line.at)} ${text}`}
                onClick={() => moveTo(index)} onDblClick={() => open(line)}
              >
                <span class="event-time">{formatDuration(Math.max(0, line.at - (run.startedAt ?? run.createdAt)))}</span>
                <span class="event-type">{line.type}</span>
                <bdi class="event-text">{text}</bdi>
                {line.picture && <RowPicture key={line.picture.blob} picture={line.picture} of={text} onOpen={() => show(line)} />}
              </div>
            );
          })}
        </div>
      </div>
      {picture.value && <PictureDialog open={picture.value} onClose={() => (picture.value = undefined)} />}
    </>
  );
}
