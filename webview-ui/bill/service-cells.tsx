import * as l10n from '@vscode/l10n';
import type { Signal } from '@preact/signals';
import type { Mark } from '../../src/shared/events.ts';
import { Icon } from '../parts/icon.tsx';
import { visible } from '../text.ts';
import { MarkLabel } from './mark-label.tsx';
import { SourceLabel } from './source-label.tsx';

/** The name of a service, which opens its row to how the figure was calculated. */
export function ServiceHeading({ service, what, open }: { readonly service: string; readonly what: string; readonly open: Signal<boolean> }) {
  return (
    <th scope="row">
      <button type="button" class="disclosure" aria-expanded={open.value} onClick={() => (open.value = !open.value)} title={l10n.t('How it was calculated')}>
        <span class={`twistie${open.value ? ' open' : ''}`}><Icon name="chevron" /></span>
        <span>
          <span class="service">{visible(service)}</span>
          <span class="hint service-what">{what}</span>
        </span>
      </button>
    </th>
  );
}

export interface PriceCellsProps {
  readonly mark: Mark;
  /** ISO date, as far as it is known. */
  readonly asOf: string;
  readonly stale: boolean;
  readonly source: string;
}

/** How far the figure can be trusted, and when and where its price was read. */
export function PriceCells({ mark, asOf, stale, source }: PriceCellsProps) {
  return (
    <>
      <td><MarkLabel mark={mark} /></td>
      <td class="nowrap">
        <time dateTime={asOf}>{asOf}</time>
        {stale && <span class="stale" title={l10n.t('The price may have changed since. It was not read again.')}>{l10n.t('old')}</span>}
      </td>
      <td><SourceLabel source={source} /></td>
    </>
  );
}
