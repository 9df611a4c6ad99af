import * as l10n from '@vscode/l10n';
import type { ComparedSide } from '../../src/shared/comparison.ts';
import type { ComparePage } from '../../src/shared/protocol-trace.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { formatUsd } from '../../src/shared/money.ts';
import { cost, count, dateTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** What both runs took, used and cost, with the difference. */
export function CompareFacts({ page: { a, b } }: { readonly page: ComparePage }) {
  const session = useSession();
  const title = (side: ComparedSide) => <button type="button" class="link" onClick={() => session.open(side.id)}><bdi>{oneLine(side.title, 200)}</bdi></button>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={l10n.t('Figures of both runs')}>
      <table class="table">
        <thead><tr><th scope="col">{l10n.t('Run')}</th><th scope="col">{title(a)}</th><th scope="col">{title(b)}</th><th scope="col" class="numeric">{l10n.t('Difference')}</th></tr></thead>
        <tbody>
          <tr><th scope="row">{l10n.t('Started')}</th><td>{dateTime(a.createdAt)}</td><td>{dateTime(b.createdAt)}</td><td /></tr>
          <tr><th scope="row">{l10n.t('State')}</th><td><Badge look={stateLook(a.state)} /></td><td><Badge look={stateLook(b.state)} /></td><td /></tr>
          <Figure name={l10n.t('Time')} a={a.durationMs} b={b.durationMs} shown={formatDuration} />
          <Figure name={l10n.t('Steps')} a={a.steps} b={b.steps} shown={count} />
          <Figure name={l10n.t('Tokens')} a={a.tokens} b={b.tokens} shown={count} />
          <tr>
            <th scope="row">{l10n.t('Cost')}</th><td>{cost(a.costUsd, a.costMark)}</td><td>{cost(b.costUsd, b.costMark)}</td>
            <td class="numeric">{a.costMark === 'unknown' || b.costMark === 'unknown' ? '' : signed(b.costUsd - a.costUsd, formatUsd)}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

interface FigureProps {
  readonly name: string;
  readonly a: number | undefined;
  readonly b: number | undefined;
  readonly shown: (value: number) => string;
}

function Figure({ name, a, b, shown }: FigureProps) {
  const text = (value: number | undefined) => (value === undefined ? '' : shown(value));
  return <tr><th scope="row">{name}</th><td>{text(a)}</td><td>{text(b)}</td><td class="numeric">{a === undefined || b === undefined ? '' : signed(b - a, shown)}</td></tr>;
}

function signed(value: number, shown: (value: number) => string): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${shown(Math.abs(value))}`;
}
