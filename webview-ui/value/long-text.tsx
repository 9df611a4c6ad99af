import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { count } from '../format.ts';
import { visible } from '../text.ts';

const firstCharacters = 2000;
const moreCharacters = 50_000;

export interface LongTextProps {
  readonly text: string;
  readonly mono?: boolean;
}

/** Text of any length: the beginning, and more of it on demand. A megabyte laid out at once would freeze the page. */
export function LongText({ text, mono = false }: LongTextProps) {
  const shown = useSignal(firstCharacters);
  const rest = text.length - shown.value;
  return (
    <>
      <span class={`text${mono ? ' mono' : ''}`} dir="auto">{visible(text.slice(0, shown.value))}{rest > 0 && '…'}</span>
      {rest > 0 && (
        <button type="button" class="link more" onClick={() => (shown.value += moreCharacters)}>
          {l10n.t('Show more ({0} characters left)', count(rest))}
        </button>
      )}
    </>
  );
}
