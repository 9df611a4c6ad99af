import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { SpanRow } from '../../src/shared/protocol.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { Icon } from '../parts/icon.tsx';
import { statusLook, stepKindLabel, type Look } from '../parts/labels.ts';
import type { TimeWindow } from '../state/trace-model.ts';
import { ToolPicture } from '../parts/tool-looks.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { RowPicture } from './row-picture.tsx';

export const rowId = (span: string): string => `row-${span}`;

/** Deeper levels are not indented further: in a narrow panel nothing of the name would be left. */
const levelsIndented = 12;

export interface TraceRowProps {
  readonly row: SpanRow;
  /** Among the visible rows. */
  readonly index: number;
  readonly height: number;
  /** What of the run's time the bars are drawn over. */
  readonly shown: TimeWindow;
  readonly selected: boolean;
  /** The picture of the tool that it calls, as a data address. */
  readonly icon: string | undefined;
  readonly actions: RowActions;
}

/** The same object for as long as there is a tree: rows that have not changed are not drawn again. */
export interface RowActions {
  select(index: number): void;
  toggle(row: SpanRow): void;
  picture(row: SpanRow): void;
}

export function TraceRow({ row, index, height, shown, selected, icon, actions }: TraceRowProps) {
  const { clock } = useSession();
  // Time passes for what goes on only.
  const now = row.status === 'running' ? clock.now.value : 0;
  return useMemo(() => drawRow({ row, index, height, shown, selected, icon, actions }, now), [row, index, height, shown, selected, icon, actions, now]);
}

function drawRow({ row, index, height, shown, selected, icon, actions }: TraceRowProps, now: number) {
  const took = row.endedAt === undefined ? (row.status === 'running' && !row.unread ? Math.max(0, now - row.startedAt) : undefined) : row.endedAt - row.startedAt;
  const look = row.unread ? unreadLook() : statusLook(row.status);
  const name = oneLine(row.name, 300);
  const about = oneLine(row.about ?? '', 300);
  const circular = row.circular ? l10n.t('Its parent is inside of it') : '';
  const time = took !== undefined ? formatDuration(took) : row.unread ? look.label : l10n.t('not recorded');
  const onClick = (event: MouseEvent) => {
    actions.select(index);
    if (row.children > 0 && event.target instanceof Element && event.target.closest('.twistie')) actions.toggle(row);
  };
  return (
    <div
      id={rowId(row.id)} role="treeitem" class={`row${selected ? ' selected' : ''}${row.matches ? '' : ' faint'}`}
      aria-level={row.depth + 1} aria-posinset={row.position} aria-setsize={row.siblings} aria-selected={selected}
      {...(row.children > 0 ? { 'aria-expanded': row.open } : {})}
      title={[`${name} · ${time}`, about, circular, oneLine(row.problem ?? '', 300)].filter((line) => line !== '').join('\n')}
      style={placeOf(index, height)}
      onClick={onClick} onDblClick={() => { if (row.children > 0) actions.toggle(row); }}
    >
      <span class="row-name" style={{ '--level': Math.min(row.depth, levelsIndented) }}>
        <span class={`twistie${row.children > 0 ? '' : ' leaf'}${row.open ? ' open' : ''}`}><Icon name="chevron" /></span>
        <Icon name={row.kind} tone="kind" />
        <ToolPicture src={icon} />
        <bdi class="row-text">{name}</bdi>
        {row.picture && <RowPicture key={row.picture.blob} picture={row.picture} of={row.name} onOpen={() => actions.picture(row)} />}
        {circular !== '' && <span class="row-about">{circular}</span>}
        {about !== '' && <bdi class="row-about">{about.replace(/^https?:\/\//, '')}</bdi>}
      </span>
      <span class="row-status">
        <span class="visually-hidden">{`, ${stepKindLabel(row.kind)}, ${look.label}, `}</span>
        <Icon name={look.icon} tone={look.tone} />
      </span>
      <span class="row-time">{took === undefined ? '' : time}</span>
      <Bar row={row} shown={shown} now={now} tone={look.tone} />
    </div>
  );
}

/** Of a step whose end may stand in what was not read yet. */
const unreadLook = (): Look => ({ label: l10n.t('Reading…'), icon: 'clock', tone: 'quiet' });

/** Where in the time that is shown the step lies; nothing where it lies outside. */
function Bar({ row, shown: { from, to }, now, tone }: { readonly row: SpanRow; readonly shown: TimeWindow; readonly now: number; readonly tone: string }) {
  const ended = row.endedAt ?? (row.status === 'running' ? now : row.startedAt);
  const left = clampShare((row.startedAt - from) / (to - from));
  const right = clampShare((ended - from) / (to - from));
  const outside = ended < from || row.startedAt > to;
  return (
    <span class="row-track">
      {!outside && <span class={`row-bar bar-${tone}`} style={{ insetInlineStart: `${left * 100}%`, inlineSize: `${Math.max(0, right - left) * 100}%` }} />}
    </span>
  );
}

const placeOf = (index: number, height: number) => ({ transform: `translateY(${index * height}px)`, height: `${height}px` });

const clampShare = (share: number): number => Math.max(0, Math.min(1, share));

export function LoadingRow({ index, height }: { readonly index: number; readonly height: number }) {
  return (
    <div role="treeitem" class="row row-loading" aria-busy="true" style={placeOf(index, height)}>
      <span class="row-name">{l10n.t('Reading…')}</span>
    </div>
  );
}
