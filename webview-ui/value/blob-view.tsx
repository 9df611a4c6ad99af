import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Json } from '../../src/shared/json.ts';
import { bytes } from '../format.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { readBlob } from './blobs.ts';
import { ImageView } from './image-view.tsx';
import type { BlobHandle } from './shape.ts';
import { TextPages } from './text-pages.tsx';
import { useLoaded } from './use-loaded.ts';

/** Read without being asked for; above it the person decides. */
const readAtOnceBytes = 1024 * 1024;
/** Above it a value would take more memory than the page may have: it is shown as text in pages. */
const structuredBytes = 8 * 1024 * 1024;

export interface BlobViewProps {
  readonly blob: BlobHandle;
  readonly label: string;
  /** Shows data once it has been read. Passed in, because data can hold handles again. */
  readonly json: (value: Json) => ComponentChildren;
}

/** A stored value by its handle: a picture, data, or text in pages. */
export function BlobView({ blob, label, json }: BlobViewProps) {
  if (blob.mediaType.startsWith('image/')) return <ImageView blob={blob} label={label} small={false} />;
  if (blob.mediaType === 'application/json' && blob.bytes <= structuredBytes) return <JsonBlob blob={blob} json={json} />;
  if (blob.mediaType.startsWith('text/') || blob.mediaType === 'application/json') return <TextPages blob={blob} />;
  return <p class="hint">{l10n.t('{0} of type {1}. The export of the run holds it.', bytes(blob.bytes), visible(blob.mediaType))}</p>;
}

function JsonBlob({ blob, json }: Pick<BlobViewProps, 'blob' | 'json'>) {
  const wanted = useSignal(blob.bytes <= readAtOnceBytes);
  if (wanted.value) return <LoadedJson blob={blob} json={json} />;
  return (
    <>
      <pre class="text mono">{visible(blob.preview)}…</pre>
      <button type="button" class="button" onClick={() => (wanted.value = true)}>{l10n.t('Show all ({0})', bytes(blob.bytes))}</button>
    </>
  );
}

/** Data by its handle, read and shown with `json`. */
export function LoadedJson({ blob, json }: Pick<BlobViewProps, 'blob' | 'json'>) {
  const { client } = useSession();
  const loaded = useLoaded(blob.blob, async () => JSON.parse(new TextDecoder().decode(await readBlob(client, blob.blob, 0, blob.bytes))) as Json);
  switch (loaded.state) {
    case 'loading':
      return <p class="hint" aria-busy="true">{l10n.t('Reading {0}…', bytes(blob.bytes))}</p>;
    case 'failed':
      return <p class="hint">{visible(loaded.error.message)} {visible(loaded.error.hint ?? '')}</p>;
    case 'loaded':
      return <>{json(loaded.value)}</>;
  }
}
