import * as l10n from '@vscode/l10n';
import type { ChatItemOf } from '../../src/shared/chat.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { stateLook } from '../parts/labels.ts';
import { ErrorView } from '../result/error-view.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';

/** How the task ended, and how far that can be trusted. */
export function EndItem({ item, chat }: { readonly item: ChatItemOf<'end'>; readonly chat: ChatModel }) {
  const session = useSession();
  const asks = chat.use.value?.asks ?? 0;
  const { state, error, verification, why, evidence, changed, answer, plan } = item;
  return (
    <div class="end" role="group" aria-label={l10n.t('How it ended')}>
      {answer !== undefined && <Markdown text={answer} />}
      {error && <ErrorView error={error} tone={state === 'failed' ? 'bad' : 'wait'} />}
      <p class="end-line">
        <Badge look={stateLook(state)} />
        {verification === 'verified' && <span class="seal seal-good"><Icon name="approval" tone="good" />{l10n.t('Checked')}</span>}
        {verification === 'unverified' && <span class="seal seal-wait" title={why === undefined ? '' : oneLine(why, 500)}><Icon name="warning" tone="wait" />{l10n.t('Unverified')}</span>}
        {evidence.map((step, index) => <button key={step} type="button" class="link" onClick={() => session.showStep(step, chat.run)}>{l10n.t('Evidence {0}', index + 1)}</button>)}
      </p>
      {verification === 'unverified' && why !== undefined && <p class="hint">{visible(why)}</p>}
      {plan !== undefined && <p><button type="button" class="link" onClick={() => void session.openSource({ file: plan, line: 1, column: 1 })}>{l10n.t('Open the plan: {0}', oneLine(plan, 200))}</button></p>}
      {asks > 0 && <p class="hint">{asks === 1 ? l10n.t('You were asked once whether something is allowed.') : l10n.t('You were asked {0} times whether something is allowed.', asks)}</p>}
      {changed.length > 0 && <p class="hint">{changed.length === 1 ? l10n.t('1 file changed') : l10n.t('{0} files changed', changed.length)}</p>}
    </div>
  );
}
