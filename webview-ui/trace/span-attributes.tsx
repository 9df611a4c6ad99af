import * as l10n from '@vscode/l10n';
import { Fragment } from 'preact';
import type { SpanFacts } from '../../src/shared/protocol-trace.ts';
import { cost, count } from '../format.ts';
import { markMeaning } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';

/** Tokens, money and the file of a step, as terms of the list that its details begin with. */
export function SpanUse({ facts: { tokens, cost: money, place } }: { readonly facts: SpanFacts }) {
  const session = useSession();
  return (
    <>
      {tokens && (
        <>
          <dt>{l10n.t('Tokens')}</dt>
          <dd>{tokens.cached === undefined ? l10n.t('{0} read, {1} written', count(tokens.input), count(tokens.output)) : l10n.t('{0} read ({1} from the cache), {2} written', count(tokens.input), count(tokens.cached), count(tokens.output))}</dd>
        </>
      )}
      {money && (
        <>
          <dt>{l10n.t('Cost')}</dt>
          <dd title={markMeaning(money.mark)}>{cost(money.usd, money.mark)}</dd>
        </>
      )}
      {place && (
        <>
          <dt>{l10n.t('Place')}</dt>
          <dd><button type="button" class="link" onClick={() => void session.openSource(place)}><bdi>{oneLine(place.file, 300)}:{place.line}</bdi></button></dd>
        </>
      )}
    </>
  );
}

/** The step under the names of OpenTelemetry's conventions for generative AI: what a collector would be sent. */
export function SpanAttributes({ attributes }: Pick<SpanFacts, 'attributes'>) {
  if (attributes.length === 0) return null;
  return (
    <details class="attributes">
      <summary><h3>{l10n.t('Attributes (OpenTelemetry)')}</h3></summary>
      <dl class="pairs mono">
        {attributes.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{oneLine(name, 200)}</dt>
            <dd>{visible(value)}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
