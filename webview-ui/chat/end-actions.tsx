import * as l10n from '@vscode/l10n';
import type { RunView } from '../../src/shared/protocol.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';

/** What can be done with a task that has ended. */
export function EndActions({ chat, view }: { readonly chat: ChatModel; readonly view: RunView }) {
  const session = useSession();
  const { run } = chat;
  const known = chat.session.value;
  const plan = chat.items.value?.some((item) => item.kind === 'end' && item.plan !== undefined) ?? false;
  if (!known || view.run.kind !== 'task') return null;
  const { client } = session;
  const into = (work: Promise<{ readonly run?: string }>) => session.act(async () => {
    const started = await work;
    if (started.run !== undefined) session.open(started.run);
  });
  return (
    <div class="end-actions" role="group" aria-label={l10n.t('What to do with it')}>
      {plan && <Action icon="run" label={l10n.t('Carry out the plan')} primary onClick={() => into(client.request('chat.approvePlan', { run }))} />}
      {known.resumable && <Action icon="run" label={l10n.t('Resume')} primary onClick={() => into(client.request('chat.resume', { run }))} />}
      {known.changes > 0 && <Action icon="file" label={l10n.t('Review changes')} onClick={() => session.act(async () => void (await client.request('chat.changes', { run })))} />}
      {known.changes > 0 && <Action icon="undo" label={l10n.t('Undo changes')} onClick={() => into(client.request('chat.undo', { run }))} />}
      {known.freezable && <Action icon="freeze" label={l10n.t('Freeze into a chain')} onClick={() => session.act(async () => void (await client.request('chat.freeze', { run })))} />}
    </div>
  );
}

interface ActionProps {
  readonly icon: IconName;
  readonly label: string;
  readonly primary?: boolean;
  readonly onClick: () => Promise<void>;
}

function Action({ icon, label, primary = false, onClick }: ActionProps) {
  return (
    <button type="button" class={`button${primary ? ' primary' : ''}`} onClick={() => void onClick()}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
