import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { RunSummary } from '../../src/shared/dto.ts';
import { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { ChatItems } from './chat-items.tsx';

/** Runs of the same conversation that came before: the last one is shown, older ones on demand. */
export function EarlierRuns({ chat }: { readonly chat: ChatModel }) {
  const earlier = chat.session.value?.runs.filter(({ id }) => id < chat.run) ?? [];
  return <>{earlier.map((run, index) => <EarlierRun key={run.id} run={run} shown={index === earlier.length - 1} />)}</>;
}

function EarlierRun({ run, shown }: { readonly run: RunSummary; readonly shown: boolean }) {
  const session = useSession();
  const open = useSignal(shown);
  const model = useMemo(() => new ChatModel(session.client, run.id), [run.id]);
  useEffect(() => {
    if (open.value && model.items.value === undefined) session.attempt(model.refresh());
  }, [open.value, model]);
  const items = model.items.value ?? [];
  return (
    <details class="earlier" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{l10n.t('Before: {0}', oneLine(run.title, 100))}</summary>
      {(items[0]?.index ?? 0) > 0 && <button type="button" class="button" onClick={() => session.attempt(model.earlier())}>{l10n.t('Show what came before ({0})', items[0]?.index ?? 0)}</button>}
      {open.value && <ChatItems items={items} chat={model} />}
      <p><button type="button" class="link" onClick={() => session.open(run.id)}>{l10n.t('Open this run on its own')}</button></p>
    </details>
  );
}
