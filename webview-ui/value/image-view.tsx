import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bytes } from '../format.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { readBlob } from './blobs.ts';
import type { BlobHandle } from './shape.ts';

const imageTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);
const imageLimit = 20 * 1024 * 1024;

/** A picture from the store. SVG is not among the types: it is a document, not a picture. */
export function ImageView({ blob, label, small }: { readonly blob: BlobHandle; readonly label: string; readonly small: boolean }) {
  const { client } = useSession();
  const url = useSignal('');
  const problem = useSignal('');
  const large = useSignal(!small);
  const shown = imageTypes.has(blob.mediaType) && blob.bytes <= imageLimit;
  useEffect(() => {
    if (!shown) return undefined;
    let made = '';
    let current = true;
    readBlob(client, blob.blob, 0, blob.bytes).then(
      (data) => { if (current) url.value = made = URL.createObjectURL(new Blob([data], { type: blob.mediaType })); },
      (error: unknown) => { if (current) problem.value = error instanceof Error ? error.message : String(error); },
    );
    return () => {
      current = false;
      URL.revokeObjectURL(made);
    };
  }, [blob.blob]);
  const description = `${visible(blob.mediaType)}, ${bytes(blob.bytes)}`;
  if (!shown) return <span class="hint">{description}</span>;
  if (problem.value !== '') return <span class="hint">{visible(problem.value)}</span>;
  return (
    <figure class={`picture${large.value ? '' : ' picture-small'}`}>
      <button type="button" class="picture-button" onClick={() => (large.value = !large.value)} title={large.value ? l10n.t('Show smaller') : l10n.t('Show larger')}>
        {url.value === '' ? <span class="hint">{l10n.t('Reading {0}…', bytes(blob.bytes))}</span> : <img src={url.value} alt={l10n.t('{0}, picture', label)} />}
      </button>
      {!small && <figcaption class="hint">{description}</figcaption>}
    </figure>
  );
}
