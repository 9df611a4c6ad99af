import * as l10n from '@vscode/l10n';
import type { RunDetail } from '../../src/shared/dto.ts';
import type { SpanRow } from '../../src/shared/protocol.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { Icon } from '../parts/icon.tsx';
import { statusLook, stepKindLabel, type Look } from '../parts/labels.ts';
import type { TimeWindow } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { RowPicture } from './row-picture.tsx';

export const rowId = (span: string): string => `row-${span}`;

/** Deeper levels are not indented further: in a narrow panel nothing of the name would be left. */
const levelsIndented = 12;

export interface TraceRowProps {
  readonly row: SpanRow;
  readonly top: number;
  readonly height: number;
  readonly run: RunDetail;
  /** What of the run's time the bars are drawn over. */
  readonly shown: TimeWindow;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
  readonly onPicture: () => void;
}

export function TraceRow({ row, top, height, run, shown, selected, onSelect, onToggle, onPicture }: TraceRowProps) {
  const { clock } = useSession();
  const now = row.status === 'running' || run.endedAt === undefined ? clock.now.value : run.endedAt;
  const took = row.endedAt === undefined ? (row.status === 'running' && !row.unread ? Math.max(0, now - row.startedAt) : undefined) : row.endedAt - row.startedAt;
  const look = row.unread ? unreadLook() : statusLook(row.status);
  const name = oneLine(row.name, 300);
  const about = oneLine(row.about ?? '', 300);
  const time = took !== undefined ? formatDuration(took) : row.unread ? look.label : l10n.t('not recorded');
  const onClick = (event: MouseEvent) => {
    onSelect();
    if (row.children > 0 && event.target instanceof Element && event.target.closest('.twistie')) onToggle();
  };
  return (
    <div
      id={rowId(row.id)} role="treeitem" class={`row${selected ? ' selected' : ''}${row.matches ? '' : ' faint'}`}
      aria-level={row.depth + 1} aria-posinset={row.position} aria-setsize={row.siblings} aria-selected={selected}
      {...(row.children > 0 ? { 'aria-expanded': row.open } : {})}
      title={[`${name} · ${time}`, about, oneLine(row.problem ?? '', 300)].filter((line) => line !== '').join('\n')}
      style={{ transform: `translateY(${top}px)`, height: `${height}px` }}
      onClick={onClick} onDblClick={() => { if (row.children > 0) onToggle(); }}
    >
      <span class="row-name" style={{ paddingInlineStart: `${Math.min(row.depth, levelsIndented) * 0.85}em` }}>
        <span class={`twistie${row.children > 0 ? '' : ' leaf'}${row.open ? ' open' : ''}`}><Icon name="chevron" /></span>
        <Icon name={row.kind} tone="kind" />
        <bdi class="row-text">{name}</bdi>
        {row.picture && <RowPicture picture={row.picture} of={row.name} onOpen={onPicture} />}
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

const clampShare = (share: number): number => Math.max(0, Math.min(1, share));

export function LoadingRow({ top, height }: { readonly top: number; readonly height: number }) {
  return (
    <div role="treeitem" class="row row-loading" aria-busy="true" style={{ transform: `translateY(${top}px)`, height: `${height}px` }}>
      <span class="row-name">{l10n.t('Reading…')}</span>
    </div>
  );
}
