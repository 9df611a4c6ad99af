import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/shared/duration.ts';
import { chatLimits } from '../../src/shared/protocol-chat-schema.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { statusLook } from '../parts/labels.ts';
import { ToolIcon, useToolLooks } from '../parts/tool-looks.tsx';
import { ViewFold } from '../parts/view-fold.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { useLoaded } from '../value/use-loaded.ts';

/** What the code of a call did: the tools that it called, in order. */
export function InnerSteps({ run, step, count: known }: { readonly run: string; readonly step: string; readonly count: number }) {
  const session = useSession();
  const loaded = useLoaded(`${step} ${known}`, () => session.client.request('chat.inside', { run, step, limit: chatLimits.inside }));
  const looks = useToolLooks(loaded.state === 'loaded' ? loaded.value.steps : []);
  if (loaded.state !== 'loaded') return null;
  const { steps, total } = loaded.value;
  return (
    <div class="inner" role="group" aria-label={l10n.t('Steps inside')}>
      <h3>{l10n.t('Steps inside')}</h3>
      <ol class="plain">
        {steps.map((inner) => {
          const look = statusLook(inner.status);
          return (
            <li key={inner.id}>
              <div class="inner-step">
                <Icon name={look.icon} tone={look.tone} />
                <ToolIcon of={inner.name} looks={looks} />
                <button type="button" class="link" onClick={() => session.showStep(inner.id, run)}>{oneLine(inner.name, 100)}</button>
                {inner.about !== undefined && <bdi class="call-about">{oneLine(inner.about, 120)}</bdi>}
                <span class="hint">{inner.problem === undefined ? (inner.endedAt === undefined ? look.label : formatDuration(inner.endedAt - inner.startedAt)) : oneLine(inner.problem, 160)}</span>
              </div>
              {looks.views.has(inner.name) && inner.status === 'ok' && <ViewFold run={run} step={inner.id} />}
            </li>
          );
        })}
      </ol>
      {total > steps.length && <p class="hint">{l10n.t('{0} more are in the trace.', count(total - steps.length))}</p>}
    </div>
  );
}
