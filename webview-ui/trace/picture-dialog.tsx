import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../../src/shared/chat.ts';
import { oneLine } from '../text.ts';
import { ImageView } from '../value/image-view.tsx';

export interface OpenPicture {
  readonly picture: Picture;
  /** The step that it is of. */
  readonly of: string;
}

/** A picture of a row, large, over the page. Closed by Escape, its button or a click beside it; the focus goes back to where it was. */
export function PictureDialog({ open: { picture, of }, onClose }: { readonly open: OpenPicture; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const name = oneLine(of, 200);
  return (
    <dialog ref={dialog} class="picture-dialog" aria-label={l10n.t('Picture of {0}', name)} onClose={onClose} onClick={(event) => { if (event.target === dialog.current) dialog.current?.close(); }}>
      <div class="picture-dialog-head">
        <bdi>{name}</bdi>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>{l10n.t('Close')}</button>
      </div>
      <ImageView blob={{ ...picture, preview: '' }} label={name} small={false} />
    </dialog>
  );
}
