import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { ChatItemOf } from '../../src/shared/chat.ts';
import type { Span } from '../../src/shared/dto.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { isObject, type StoredValue } from '../../src/shared/json.ts';
import { Icon } from '../parts/icon.tsx';
import { statusLook } from '../parts/labels.ts';
import { ToolIcon, useToolLooks, type ToolLooks } from '../parts/tool-looks.tsx';
import { ViewFold } from '../parts/view-fold.tsx';
import { ErrorView } from '../result/error-view.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { CodeBlock } from '../markdown/code-block.tsx';
import { ImageView } from '../value/image-view.tsx';
import { StoredView } from '../value/stored-view.tsx';
import { useLoaded } from '../value/use-loaded.ts';
import { callLabel } from './call-label.ts';
import { ChildRuns, type ShowItems } from './child-runs.tsx';
import { InnerSteps } from './inner-steps.tsx';

/** A tool that the model called, in one line; code, result and what happened inside on demand. */
export function CallItem({ item, chat, show }: { readonly item: ChatItemOf<'call'>; readonly chat: ChatModel; readonly show: ShowItems }) {
  const open = useSignal(false);
  const { clock } = useSession();
  const look = statusLook(item.status);
  const looks = useToolLooks([item]);
  const running = item.status === 'running';
  const ms = (item.endedAt ?? (running ? clock.now.value : item.at)) - item.at;
  const inner = item.steps === 0 ? '' : item.steps === 1 ? l10n.t('1 step') : l10n.t('{0} steps', item.steps);
  return (
    <>
      <details class={`call call-${item.status}`} onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>
          <Icon name={look.icon} tone={look.tone} />
          <ToolIcon of={item.name} looks={looks} />
          <span class="call-name">{callLabel(item.name)}</span>
          {item.about !== undefined && item.name !== 'run_code' && <bdi class="call-about">{oneLine(item.about, 120)}</bdi>}
          <span class="call-foot hint">{[look.tone === 'good' ? '' : look.label, inner, formatDuration(Math.max(0, ms))].filter((part) => part !== '').join(' · ')}</span>
        </summary>
        {open.value && <CallDetails item={item} chat={chat} looks={looks} />}
      </details>
      {item.problem !== undefined && <p class="call-problem">{oneLine(item.problem, 300)}</p>}
      {item.children.length > 0 && <ChildRuns refs={item.children} chat={chat} show={show} />}
      {item.pictures.length > 0 && (
        <div class="pictures">
          {item.pictures.map((picture, index) => <ImageView key={picture.blob} blob={{ ...picture, preview: '' }} label={l10n.t('Picture {0} of this step', index + 1)} small />)}
        </div>
      )}
    </>
  );
}

function CallDetails({ item, chat, looks }: { readonly item: ChatItemOf<'call'>; readonly chat: ChatModel; readonly looks: ToolLooks }) {
  const session = useSession();
  const loaded = useLoaded<Span>(`${item.id} ${item.status}`, () => session.client.request('run.span', { run: chat.run, span: item.id }));
  switch (loaded.state) {
    case 'loading':
      return <p class="loading">{l10n.t('Reading…')}</p>;
    case 'failed':
      return <ErrorView error={loaded.error} tone="wait" />;
    case 'loaded':
      return (
        <div class="call-details">
          {loaded.value.input && <Input value={loaded.value.input} />}
          {item.steps > 0 && <InnerSteps run={chat.run} step={item.id} count={item.steps} />}
          {loaded.value.error && <ErrorView error={loaded.value.error} tone="bad" />}
          {loaded.value.output && <StoredView value={loaded.value.output} heading={l10n.t('Result')} level={3} />}
          {looks.views.has(item.name) && <ViewFold run={chat.run} step={item.id} />}
          <p><button type="button" class="link" onClick={() => session.showStep(item.id, chat.run)}>{l10n.t('Show in the trace')}</button></p>
        </div>
      );
  }
}

/** Code as code; everything else as the value that it is. */
function Input({ value }: { readonly value: StoredValue }) {
  const code = 'json' in value && isObject(value.json) ? value.json['code'] : undefined;
  if (typeof code === 'string') return <CodeBlock code={code} language="typescript" label={l10n.t('Code that the model wrote')} />;
  return <StoredView value={value} heading={l10n.t('Input')} level={3} />;
}
