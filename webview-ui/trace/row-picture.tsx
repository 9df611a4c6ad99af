import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../../src/shared/chat.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { readBlob } from '../value/blobs.ts';

/** Rows that only pass by while somebody scrolls are not worth reading a picture for. */
const waitMs = 120;
const largestBytes = 20 * 1024 * 1024;
/** In pixels of the page, twice what it is drawn at: screens of high density stay sharp, and a list of pictures stays small in memory. */
const drawnHeight = 40;

export interface RowPictureProps {
  readonly picture: Picture;
  readonly of: string;
  readonly onOpen: () => void;
}

/** A picture as small as its row is high. It is drawn once it is on the screen, and nothing but the small copy is kept. */
export function RowPicture({ picture: { blob, bytes }, of, onOpen }: RowPictureProps) {
  const { client } = useSession();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (bytes > largestBytes) return undefined;
    let current = true;
    const timer = window.setTimeout(() => {
      void readBlob(client, blob, 0, bytes)
        .then((data) => createImageBitmap(new Blob([data]), { resizeHeight: drawnHeight, resizeQuality: 'medium' }))
        .then((bitmap) => { if (current && canvas.current) draw(canvas.current, bitmap); }, () => { if (current) canvas.current?.setAttribute('data-state', 'failed'); });
    }, waitMs);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [blob]);
  return <canvas ref={canvas} class="row-picture" role="img" width={drawnHeight} height={drawnHeight} aria-label={l10n.t('{0}, picture', oneLine(of, 100))} title={l10n.t('Show the picture')} onClick={onOpen} />;
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = Math.min(bitmap.width, drawnHeight * 3);
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  canvas.setAttribute('data-state', 'drawn');
  bitmap.close();
}
