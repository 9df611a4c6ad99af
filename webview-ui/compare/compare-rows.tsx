import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import type { ComparedStep, Difference, StepFacts } from '../../src/shared/comparison.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { statusLook, stepKindLabel } from '../parts/labels.ts';
import type { CompareModel } from '../state/compare-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { revealRow, rowMoves } from '../trace/row-moves.ts';
import { useWindow } from '../trace/use-window.ts';

/** Deeper levels are not indented further: in a narrow panel nothing of the name would be left. */
const levelsIndented = 12;

/** The steps of both runs, a list over rows that mostly do not exist. Enter shows a step in the first run, Shift+Enter in the second. */
export function CompareRows({ model }: { readonly model: CompareModel }) {
  const session = useSession();
  const scroller = useRef<HTMLDivElement>(null);
  const total = model.rows.total.value ?? 0;
  const { first, end, rowHeight, perScreen } = useWindow(scroller, total);
  const cursor = model.cursor.value;
  const pages = model.rows.pages.value;
  useEffect(() => session.attempt(model.rows.view(first, end)), [model, first, end, pages]);
  const moveTo = (index: number) => {
    model.moveTo(index);
    revealRow(scroller.current, model.cursor.value, rowHeight);
  };
  const open = (row: ComparedStep | undefined, second: boolean) => {
    const side = second ? row?.b : row?.a;
    const [run, step] = side === undefined ? [second ? model.pair.a : model.pair.b, (row?.a ?? row?.b)?.id] : [second ? model.pair.b : model.pair.a, side.id];
    if (step !== undefined) session.showStep(step, run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = {
      ...rowMoves({ cursor, total, perScreen, moveTo }), Enter: () => open(model.rows.row(cursor), event.shiftKey),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  return (
    <>
      <div class="compare-head" aria-hidden="true"><span>{l10n.t('Step')}</span><span>{l10n.t('First run')}</span><span>{l10n.t('Second run')}</span><span>{l10n.t('Different')}</span></div>
      <div
        ref={scroller} class="compare-rows" role="listbox" tabIndex={0} aria-label={l10n.t('Steps of both runs')} aria-busy={model.rows.total.value === undefined} onKeyDown={onKeyDown}
        {...(cursor >= first && cursor < end && model.rows.row(cursor) ? { 'aria-activedescendant': `compared-${cursor}` } : {})}
      >
        {total === 0 && <p class="hint event-none" role="option" aria-selected="false">{l10n.t('No step is different.')}</p>}
        <div role="none" class="tree-space" style={{ height: `${total * rowHeight}px` }}>
          {shown.map((index) => {
            const row = model.rows.row(index);
            const place = { transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` };
            if (!row) return <div key={index} role="option" aria-selected="false" aria-busy="true" class="compare-row row-loading" style={place}>{l10n.t('Reading…')}</div>;
            return <Row key={index} row={row} index={index} total={total} selected={index === cursor} style={place} onSelect={() => moveTo(index)} onOpen={(event) => open(row, event.shiftKey)} />;
          })}
        </div>
      </div>
    </>
  );
}

interface RowProps {
  readonly row: ComparedStep;
  readonly index: number;
  readonly total: number;
  readonly selected: boolean;
  readonly style: Readonly<Record<string, string>>;
  readonly onSelect: () => void;
  readonly onOpen: (event: MouseEvent) => void;
}

function Row({ row, index, total, selected, style, onSelect, onOpen }: RowProps) {
  const { a, b, depth, kind, differences } = row;
  const name = a && b && a.name !== b.name ? `${a.name} / ${b.name}` : ((a ?? b)?.name ?? '');
  return (
    <div
      id={`compared-${index}`} role="option" aria-selected={selected} aria-posinset={index + 1} aria-setsize={total} class={`compare-row${selected ? ' selected' : ''}`} style={style}
      title={oneLine(name, 300)} onClick={onSelect} onDblClick={onOpen}
    >
      <span class="row-name" style={{ '--level': Math.min(depth, levelsIndented) }}>
        <Icon name={kind} tone="kind" /><span class="visually-hidden">{stepKindLabel(kind)}, </span><bdi class="row-text">{oneLine(name, 300)}</bdi>
      </span>
      <Cell facts={a} />
      <Cell facts={b} />
      <span>{differences.map(differenceLabel).join(', ')}</span>
    </div>
  );
}

function Cell({ facts }: { readonly facts: StepFacts | undefined }) {
  if (facts === undefined) return <span class="compare-cell compare-none">{l10n.t('not there')}</span>;
  const { status, ms, tokens, costUsd } = facts;
  const look = statusLook(status);
  const parts = [
    ...(ms === undefined ? [] : [formatDuration(ms)]),
    ...(tokens === undefined ? [] : [l10n.t('{0} tokens', count(tokens)), costUsd === undefined ? l10n.t('unpriced') : formatUsd(costUsd)]),
  ];
  return <span class="compare-cell"><Icon name={look.icon} tone={look.tone} /><span class="visually-hidden">{look.label}, </span> {parts.join(', ')}</span>;
}

function differenceLabel(difference: Difference): string {
  switch (difference) {
    case 'missing': return l10n.t('only in one');
    case 'name': return l10n.t('name');
    case 'status': return l10n.t('status');
    case 'input': return l10n.t('input');
    case 'output': return l10n.t('output');
  }
}
