import * as l10n from '@vscode/l10n';
import type { ModelChoice } from '../../src/shared/protocol-chat.ts';
import { modelWays, type SetupWay } from '../../src/shared/setup-ways.ts';
import { Notice } from '../parts/notice.tsx';
import { Ways } from '../parts/ways.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';

/** Why no task can be started now, and the quickest ways out; nothing where one can. */
export function NotReady() {
  const session = useSession();
  const model = session.composer.model.value;
  const reason = model && reasonOf(model);
  if (!model || !reason) return null;
  return (
    <Notice tone="wait" icon={model.blocked === undefined ? 'model' : 'warning'}>
      <p>{reason.text}</p>
      {model.problem !== undefined && <p class="hint">{visible(model.problem)}</p>}
      <p class="message-actions">
        <Ways ways={reason.ways} />
        <button type="button" class="button" onClick={() => void session.act(() => session.composer.readModel(true))}>{l10n.t('Look again')}</button>
      </p>
    </Notice>
  );
}

export function reasonOf({ blocked, none }: ModelChoice): { readonly text: string; readonly ways: readonly SetupWay[] } | undefined {
  if (blocked === 'untrusted') return { text: l10n.t('This folder is in Restricted Mode, so nothing is run here. What is on record can be read. Trust the folder to give it tasks.'), ways: ['trust'] };
  if (blocked === 'no-folder') return { text: l10n.t('No folder is open. A task works on the files of a folder: open one first.'), ways: ['folder'] };
  if (none) return { text: l10n.t('No model is connected, and a task needs one. Ollama on this computer is found by itself. Chains work without a model.'), ways: modelWays };
  return undefined;
}
