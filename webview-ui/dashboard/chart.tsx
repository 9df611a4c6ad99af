import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { usePrinting } from './use-printing.ts';

export interface ChartProps {
  readonly title: string;
  /** What it is called where it stands alone. */
  readonly name?: string;
  readonly level?: 'h2' | 'h3';
  readonly children: ComponentChildren;
  /** The same figures in words, made when it is asked for. */
  readonly table: () => ComponentChildren;
}

/** A chart with the table of its figures behind a button. */
export function Chart({ title, name = title, level: Heading = 'h3', children, table }: ChartProps) {
  const open = useSignal(false);
  const printing = usePrinting();
  const id = useId();
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <Heading>{title}</Heading>
        <button type="button" class="link chart-toggle" aria-expanded={open.value} aria-controls={id} aria-label={open.value ? l10n.t('Hide table: {0}', name) : l10n.t('Show table: {0}', name)} onClick={() => (open.value = !open.value)}>
          {open.value ? l10n.t('Hide table') : l10n.t('Show table')}
        </button>
      </figcaption>
      {children}
      <div id={id} class={open.value || printing ? 'chart-table' : 'chart-table chart-table-closed'}>{(open.value || printing) && table()}</div>
    </figure>
  );
}
