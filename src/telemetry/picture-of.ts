import type { Picture } from '../shared/chat.ts';
import type { Json, StoredValue } from '../shared/json.ts';

/** Raster formats only: SVG is a document, and is not shown as a picture anywhere. */
const pictureTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);
/** Values that are looked at; results may be large, and this is asked for each row that is shown. */
const mostValues = 300;

/** The first picture that a result names or is. */
export function pictureOf(value: StoredValue | undefined): Picture | undefined {
  if (value === undefined) return undefined;
  if ('blob' in value) return pictureTypes.has(value.mediaType) ? { blob: value.blob, bytes: value.bytes, mediaType: value.mediaType } : undefined;
  const waiting: Json[] = [value.json];
  for (let seen = 0; seen < mostValues; seen++) {
    const next = waiting.shift();
    if (next === undefined) return undefined;
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) {
      const picture = named(next as Readonly<Record<string, Json>>);
      if (picture) return picture;
    }
    waiting.push(...Object.values(next).slice(0, mostValues));
  }
  return undefined;
}

function named({ blob, bytes, mediaType }: Readonly<Record<string, Json>>): Picture | undefined {
  return typeof blob === 'string' && /^[0-9a-f]{64}$/.test(blob) && typeof bytes === 'number' && typeof mediaType === 'string' && pictureTypes.has(mediaType) ? { blob, bytes, mediaType } : undefined;
}
