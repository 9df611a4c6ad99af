import * as l10n from '@vscode/l10n';
import type { ChatItemOf } from '../../src/shared/chat.ts';
import type { FileDiff } from '../../src/shared/file-diff.ts';
import { Icon } from '../parts/icon.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';
import { useLoaded } from '../value/use-loaded.ts';
import { DiffLines } from './diff-lines.tsx';

/** A file that was written, with what changed in it. */
export function EditItem({ item, chat }: { readonly item: ChatItemOf<'edit'>; readonly chat: ChatModel }) {
  const session = useSession();
  const loaded = useLoaded<FileDiff>(`${chat.run} ${item.write}`, () => session.client.request('chat.diff', { run: chat.run, write: item.write }));
  const diff = loaded.state === 'loaded' ? loaded.value : undefined;
  const openDiff = () => session.act(async () => void (await session.client.request('chat.openDiff', { run: chat.run, write: item.write })));
  return (
    <div class="edit" role="group" aria-label={l10n.t('Change of {0}', oneLine(item.path, 200))}>
      <div class="edit-head">
        <Icon name="file" tone="kind" />
        <button type="button" class="link" onClick={() => void session.openSource({ file: item.path, line: 1, column: 1 })}><bdi>{oneLine(item.path, 200)}</bdi></button>
        {item.created && <span class="hint">{l10n.t('new')}</span>}
        {diff && diff.lines.length > 0 && <span class="edit-count"><span class="added">+{diff.added}</span> <span class="removed">−{diff.removed}</span></span>}
        <button type="button" class="button quiet" onClick={() => void openDiff()}>{l10n.t('Open changes')}</button>
      </div>
      {diff?.problem !== undefined && <p class="hint edit-problem">{visible(diff.problem)}</p>}
      {diff && diff.lines.length > 0 && <DiffLines lines={diff.lines} label={l10n.t('Changed lines of {0}', oneLine(item.path, 200))} />}
      {loaded.state === 'failed' && <p class="hint edit-problem">{visible(loaded.error.message)}</p>}
    </div>
  );
}
