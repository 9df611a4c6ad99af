import * as l10n from '@vscode/l10n';
import { bytes } from '../format.ts';
import { visible } from '../text.ts';
import { ImageView } from './image-view.tsx';
import type { BlobHandle } from './shape.ts';

/** A stored value in a cell of a table: a small picture, or what it is. */
export function BlobCell({ blob }: { readonly blob: BlobHandle }) {
  if (blob.mediaType.startsWith('image/')) return <ImageView blob={blob} label={l10n.t('Stored value')} small />;
  return <span class="hint">{`${visible(blob.mediaType)}, ${bytes(blob.bytes)}`}</span>;
}
