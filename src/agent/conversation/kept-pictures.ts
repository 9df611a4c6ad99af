import type { ModelMessage, ModelPicture } from '../../models/model-client.ts';
import { StoredPicture } from '../../models/picture.ts';

type Pictured = Extract<ModelMessage, { readonly role: 'user' | 'tool' }>;

/** A message with the pictures that it carried, from where the run has kept them. Of those that are gone, or were never kept, a sentence says so. */
export async function withPictures(message: Pictured, kept: readonly { readonly mediaType: string; readonly blob?: string | undefined }[] | number, readBlob: (hash: string) => Promise<Uint8Array>): Promise<ModelMessage> {
  if (typeof kept === 'number') return { ...message, text: `${message.text}\n[${kept} pictures that were here were not kept.]` };
  const images: ModelPicture[] = [];
  let missing = 0;
  for (const { mediaType, blob } of kept) {
    const bytes = blob === undefined ? undefined : await readBlob(blob).catch(() => undefined);
    if (bytes === undefined || blob === undefined) missing += 1;
    else images.push(new StoredPicture(mediaType, blob, bytes));
  }
  return { ...message, text: missing === 0 ? message.text : `${message.text}\n[${missing} pictures that were here are no longer kept.]`, ...(images.length === 0 ? {} : { images }) };
}
