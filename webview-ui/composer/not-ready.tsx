import * as l10n from '@vscode/l10n';
import { Notice } from '../parts/notice.tsx';
import { Ways } from '../parts/ways.tsx';
import { reasonOf } from '../state/not-ready-reason.ts';
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
