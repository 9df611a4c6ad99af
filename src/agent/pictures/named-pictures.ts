/** As results name what is kept of a picture: flat objects of JSON, also inside of the text of a result. */
const flat = /\{[^{}]*"blob":"([0-9a-f]{64})"[^{}]*\}/g;

/** The blobs of pictures that the text of a result names, each once, in their order. */
export function namedPictures(text: string): readonly string[] {
  if (!text.includes('"blob":"')) return [];
  return [...new Set([...text.matchAll(flat)].flatMap(([object, blob = '']) => (/"(?:mediaType|mimeType)":"image\//.test(object) ? [blob] : [])))];
}
