import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { bytes } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { readTextPage } from './blobs.ts';
import type { BlobHandle } from './shape.ts';
import { useLoaded } from './use-loaded.ts';

const pageBytes = 64 * 1024;

/** A long text, one page at a time: only that page is in memory. */
export function TextPages({ blob }: { readonly blob: BlobHandle }) {
  const { client } = useSession();
  /** Where the pages up to this one begin; how far they reach depends on where characters end. */
  const starts = useSignal<readonly number[]>([0]);
  const start = starts.value.at(-1) ?? 0;
  const loaded = useLoaded(`${blob.blob} ${start}`, () => readTextPage(client, blob.blob, start, pageBytes));
  if (loaded.state === 'failed') return <p class="hint">{visible(loaded.error.message)} {visible(loaded.error.hint ?? '')}</p>;
  const next = loaded.state === 'loaded' ? loaded.value.next : blob.bytes;
  return (
    <div aria-busy={loaded.state === 'loading'}>
      <pre class="text mono page-text" tabIndex={0} dir="auto">{visible(loaded.state === 'loaded' ? loaded.value.text : blob.preview)}</pre>
      {blob.bytes > pageBytes && (
        <nav class="pager" aria-label={l10n.t('Pages of the text')}>
          <button type="button" class="button icon-only" disabled={start === 0} onClick={() => (starts.value = starts.value.slice(0, -1))} aria-label={l10n.t('Previous page')} title={l10n.t('Previous page')}>
            <span class="flip"><Icon name="chevron" /></span>
          </button>
          <span aria-live="polite">{l10n.t('{0} to {1} of {2}', bytes(start), bytes(next), bytes(blob.bytes))}</span>
          <button type="button" class="button icon-only" disabled={next >= blob.bytes} onClick={() => (starts.value = [...starts.value, next])} aria-label={l10n.t('Next page')} title={l10n.t('Next page')}>
            <Icon name="chevron" />
          </button>
        </nav>
      )}
    </div>
  );
}
