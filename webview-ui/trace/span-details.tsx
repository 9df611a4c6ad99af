import * as l10n from '@vscode/l10n';
import type { Span } from '../../src/shared/dto.ts';
import type { RunView } from '../../src/shared/protocol.ts';
import type { SpanFacts } from '../../src/shared/protocol-trace.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { clockTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { statusLook, stepKindLabel } from '../parts/labels.ts';
import { ToolIcon, useToolLooks } from '../parts/tool-looks.tsx';
import { ViewFold } from '../parts/view-fold.tsx';
import { ErrorView } from '../result/error-view.tsx';
import type { TraceModel } from '../state/trace-model.ts';
import { useSession } from '../state/use-session.ts';
import { LongText } from '../value/long-text.tsx';
import { StoredView } from '../value/stored-view.tsx';
import { SpanAttributes, SpanUse } from './span-attributes.tsx';

/** The step under the cursor of the trace: when, how long, what went in and what came out. */
export function SpanDetails({ trace, view }: { readonly trace: TraceModel; readonly view: RunView }) {
  const span = trace.selected.value;
  return (
    <section class="details" aria-label={l10n.t('Selected step')} tabIndex={0}>
      {span ? <Details key={span.id} span={span} facts={trace.facts.value} view={view} /> : <p class="hint">{l10n.t('No step has begun yet.')}</p>}
    </section>
  );
}

function Details({ span, facts, view: { run } }: { readonly span: Span; readonly facts: SpanFacts | undefined; readonly view: RunView }) {
  const begin = run.startedAt ?? run.createdAt;
  const looks = useToolLooks([span]);
  return (
    <>
      <div class="section-head">
        <Icon name={span.kind} tone="kind" />
        <ToolIcon of={span.name} looks={looks} />
        <h2 class="details-name"><LongText text={span.name} /></h2>
        <Badge look={statusLook(span.status)} />
      </div>
      <dl class="pairs">
        <dt>{l10n.t('Kind')}</dt>
        <dd>{stepKindLabel(span.kind)}</dd>
        <dt>{l10n.t('Began')}</dt>
        <dd>{l10n.t('{0}, {1} after the run began', clockTime(span.startedAt), formatDuration(Math.max(0, span.startedAt - begin)))}</dd>
        <dt>{l10n.t('Took')}</dt>
        <dd><Took span={span} /></dd>
        {facts && <SpanUse facts={facts} />}
      </dl>
      {span.error && <ErrorView error={span.error} tone="bad" />}
      {span.input && <StoredView value={span.input} heading={l10n.t('Input')} level={3} {...(facts ? { name: facts.inputName } : {})} />}
      {span.output && <StoredView value={span.output} heading={l10n.t('Output')} level={3} {...(facts ? { name: facts.outputName } : {})} />}
      {looks.views.has(span.name) && <ViewFold run={run.id} step={span.id} />}
      {facts && <SpanAttributes attributes={facts.attributes} />}
    </>
  );
}

function Took({ span }: { readonly span: Span }) {
  const { clock } = useSession();
  if (span.endedAt !== undefined) return <>{formatDuration(span.endedAt - span.startedAt)}</>;
  return <>{span.status === 'running' ? l10n.t('{0} so far', formatDuration(Math.max(0, clock.now.value - span.startedAt))) : l10n.t('Not recorded: the program ended in the middle of it.')}</>;
}
