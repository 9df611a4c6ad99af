import * as l10n from '@vscode/l10n';
import type { DiffLine } from '../../src/shared/file-diff.ts';
import { visible } from '../text.ts';

/** Lines of a comparison of two texts. */
export function DiffLines({ lines, label }: { readonly lines: readonly DiffLine[]; readonly label: string }) {
  return (
    <div class="diff" role="group" tabIndex={0} aria-label={label}>
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
