import * as l10n from '@vscode/l10n';
import type { SetupWay } from '../../src/shared/protocol-chat.ts';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';

/** With no model the page says so, and leads to the three quickest ways to one. */
export function NoModel({ problem }: { readonly problem?: string }) {
  const session = useSession();
  const ways: readonly { readonly way: SetupWay; readonly label: string }[] = [
    { way: 'copilot', label: l10n.t('Sign in to Copilot') },
    { way: 'ollama', label: l10n.t('Install Ollama') },
    { way: 'provider', label: l10n.t('Add a provider') },
  ];
  return (
    <Notice tone="wait" icon="model">
      <p>{l10n.t('No model is connected, and a task needs one. Ollama on this computer is found by itself. Chains work without a model.')}</p>
      {problem !== undefined && <p class="hint">{visible(problem)}</p>}
      <p class="message-actions">
        {ways.map(({ way, label }) => <button key={way} type="button" class="button" onClick={() => void session.act(() => session.composer.setUp(way))}>{label}</button>)}
        <button type="button" class="button" onClick={() => void session.act(() => session.composer.readModel(true))}>{l10n.t('Look again')}</button>
      </p>
    </Notice>
  );
}
