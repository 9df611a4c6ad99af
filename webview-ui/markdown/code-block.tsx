import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { count } from '../format.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { oneLine, visible } from '../text.ts';
import { Html } from './html.tsx';
import { highlighted } from './highlight.ts';

/** Lines of long code that are shown at first. */
const firstLines = 40;

export interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
  readonly label: string;
}

/** Code with its language, a button that copies it, and colours where the language is known. */
export function CodeBlock({ code, language, label }: CodeBlockProps) {
  const all = useSignal(false);
  const lines = code.split('\n');
  const rest = lines.length - firstLines;
  const cut = rest > 5 && !all.value;
  const text = visible(cut ? lines.slice(0, firstLines).join('\n') : code);
  const html = highlighted(text, language.toLowerCase());
  return (
    <figure class="code-block" aria-label={label}>
      <div class="code-head">
        <span class="hint">{oneLine(language, 30)}</span>
        <CopyButton text={() => code} />
      </div>
      <pre class="code" tabIndex={0}>{html === undefined ? <code>{text}</code> : <Html html={html} tag="code" />}</pre>
      {cut && <button type="button" class="link more" onClick={() => (all.value = true)}>{l10n.t('Show {0} more lines', count(rest))}</button>}
    </figure>
  );
}
