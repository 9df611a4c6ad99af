import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { SpanRow } from '../../src/shared/protocol.ts';
import type { TimeWindow, TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { PictureDialog, type OpenPicture } from './picture-dialog.tsx';
import { revealRow, rowMoves } from './row-moves.ts';
import { LoadingRow, rowId, TraceRow, type RowActions } from './trace-row.tsx';
import type { Zoom } from './trace-toolbar.tsx';
import { useRowIcons } from './use-row-icons.ts';
import { useTypeAhead } from './use-type-ahead.ts';
import { useWindow } from './use-window.ts';

export interface TraceTreeProps {
  readonly trace: TraceModel;
  readonly shown: TimeWindow;
  /** Of a timeline: what its keys do. */
  readonly zoom: (Zoom & { readonly pan: (share: number) => void }) | undefined;
}

/**
 * The tree of the WAI-ARIA pattern over rows that mostly do not exist: the tree itself has the focus and names the row under the
 * cursor, because a row that scrolls away is removed and would take the focus with it.
 */
export function TraceTree({ trace, shown, zoom }: TraceTreeProps) {
  const session = useSession();
  const scroller = useRef<HTMLDivElement>(null);
  const total = trace.total.value ?? 0;
  const { first, end, rowHeight, perScreen, slots } = useWindow(scroller, total);
  const cursor = trace.cursor.value;
  const pages = trace.pages.value;
  const picture = useSignal<OpenPicture | undefined>(undefined);

  useEffect(() => session.attempt(trace.view(first, end)), [trace, first, end, pages]);
  useScrollMemory(scroller, rowHeight, total);

  const reveal = (index: number) => revealRow(scroller.current, index, rowHeight);
  const moveTo = (index: number) => {
    reveal(Math.max(0, Math.min(index, total - 1)));
    session.attempt(trace.moveTo(index));
  };
  const typeAhead = useTypeAhead((text, from) => session.attempt(trace.seek(text, from < 0 ? Math.max(0, total - 1) : from).then((row) => {
    if (row !== undefined) reveal(row);
  })));
  const toggle = (row: SpanRow) => session.attempt(trace.toggle(row));
  const select = useRef(moveTo);
  select.current = moveTo;
  const actions = useMemo<RowActions>(() => ({
    select: (index) => select.current(index),
    toggle: (row) => session.attempt(trace.toggle(row)),
    picture: (row) => { if (row.picture) picture.value = { picture: row.picture, of: row.name }; },
  }), [session, trace, picture]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A blank in the middle of a word belongs to it.
    if (event.key === ' ' && typeAhead.take(event, cursor)) return event.preventDefault();
    const row = trace.row(cursor);
    if (event.key === 'Enter' && event.shiftKey && row?.picture) {
      event.preventDefault();
      picture.value = { picture: row.picture, of: row.name };
      return;
    }
    const zooming = zoom && { '+': zoom.in, '=': zoom.in, '-': zoom.out, '0': zoom.whole, ...(event.shiftKey ? { ArrowLeft: () => zoom.pan(-0.25), ArrowRight: () => zoom.pan(0.25) } : {}) }[event.key];
    const action = zooming ?? {
      ...rowMoves({ cursor, total, perScreen, moveTo }),
      ArrowRight: () => row && (row.children === 0 ? undefined : row.open ? moveTo(cursor + 1) : toggle(row)),
      ArrowLeft: () => row && (row.open ? toggle(row) : row.parentRow === undefined ? undefined : moveTo(row.parentRow)),
      Enter: () => row && row.children > 0 && toggle(row),
      ' ': () => moveTo(cursor),
    }[event.key];
    if (!action && !typeAhead.take(event, cursor)) return;
    event.preventDefault();
    if (!action) return;
    typeAhead.end();
    action();
  };

  const current = trace.row(cursor);
  const active = current && cursor >= first && cursor < end ? rowId(current.id) : undefined;
  const rows = Array.from({ length: Math.max(0, end - first) }, (_, i) => trace.row(first + i));
  const icons = useRowIcons(rows);
  return (
    <>
      <div
        ref={scroller} class="tree" role="tree" tabIndex={0} aria-label={l10n.t('Steps of the run')} aria-busy={trace.total.value === undefined}
        {...(active === undefined ? {} : { 'aria-activedescendant': active })}
        onKeyDown={onKeyDown}
      >
        <div role="none" class="tree-space" style={{ height: `${total * rowHeight}px` }}>
          {rows.map((row, i) => {
            const index = first + i;
            // By their place on the screen: a row that scrolls away becomes the one that comes, which costs half of a new one.
            const place = index % slots;
            return row
              ? <TraceRow key={place} row={row} index={index} height={rowHeight} shown={shown} selected={index === cursor} icon={icons.get(row.name)} actions={actions} />
              : <LoadingRow key={place} index={index} height={rowHeight} />;
          })}
        </div>
      </div>
      {picture.value && <PictureDialog open={picture.value} onClose={() => (picture.value = undefined)} />}
    </>
  );
}

const settleMs = 200;

/** Back to where the person was after the page was made anew; at the end of a growing trace it stays at the end. */
function useScrollMemory(scroller: { readonly current: HTMLDivElement | null }, rowHeight: number, total: number): void {
  const { kept } = useSession();
  const wanted = useRef<number | undefined>(kept.value.scroll.trace);
  const atEnd = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || total === 0) return;
    const grown = total * rowHeight - element.clientHeight;
    if (wanted.current !== undefined) element.scrollTop = wanted.current;
    else if (atEnd.current) element.scrollTop = grown;
    if (wanted.current !== undefined && wanted.current <= Math.max(0, grown)) wanted.current = undefined;
  }, [total, rowHeight]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let timer: number | undefined;
    const onScroll = () => {
      const reach = element.scrollHeight - element.clientHeight;
      atEnd.current = reach > 0 && element.scrollTop >= reach - 2;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => kept.update({ scroll: { ...kept.value.scroll, trace: element.scrollTop } }), settleMs);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      window.clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
}
