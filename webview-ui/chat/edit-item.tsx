import * as l10n from '@vscode/l10n';
import type { ChatItemOf, DiffLine, FileDiff } from '../../src/shared/chat.ts';
import { Icon } from '../parts/icon.tsx';
import type { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';
import { useLoaded } from '../value/use-loaded.ts';

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
      {diff && diff.lines.length > 0 && <Lines lines={diff.lines} path={item.path} />}
      {loaded.state === 'failed' && <p class="hint edit-problem">{visible(loaded.error.message)}</p>}
    </div>
  );
}

function Lines({ lines, path }: { readonly lines: readonly DiffLine[]; readonly path: string }) {
  return (
    <div class="diff" role="group" tabIndex={0} aria-label={l10n.t('Changed lines of {0}', oneLine(path, 200))}>
      <table class="diff-table">
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} class={`diff-${line.kind}`}>
              <td class="diff-number">{line.kind === 'gap' ? '⋯' : (line.after ?? line.before)}</td>
              <td class="diff-mark"><span aria-hidden="true">{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}</span><span class="visually-hidden">{wordOf(line.kind)}</span></td>
              <td class="diff-text">{visible(line.text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function wordOf(kind: DiffLine['kind']): string {
  switch (kind) {
    case 'added': return l10n.t('added');
    case 'removed': return l10n.t('removed');
    case 'same': return '';
    case 'gap': return l10n.t('lines left out');
  }
}
