/** Longest icon that comes with a definition and is kept, bytes: a server may have ten thousands of tools. */
const maxBytes = 8 * 1024;

/** What each kind of picture begins with. SVG is none of them: it is a document, which may hold scripts and addresses. */
const kinds: readonly (readonly [mediaType: string, isOne: (bytes: Buffer) => boolean])[] = [
  ['image/png', (bytes) => bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))],
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/webp', (bytes) => bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP'],
];

/**
 * The first icon of a server or tool that can be shown as it is: a small picture that came with the definition, whose bytes are what they are said to be. Icons at an address are not
 * fetched for it: who shows a list must not tell anybody that it was shown.
 */
export function safeIcon(icons: unknown): string | undefined {
  if (!Array.isArray(icons)) return undefined;
  for (const icon of icons.slice(0, 10) as readonly unknown[]) {
    const src = typeof icon === 'object' && icon !== null && 'src' in icon ? icon.src : undefined;
    if (typeof src !== 'string' || src.length > maxBytes * 1.4) continue;
    const [, base64] = /^data:image\/[\w.+-]+;base64,([A-Za-z0-9+/]+={0,2})$/.exec(src) ?? [];
    if (base64 === undefined) continue;
    const picture = pictureOf(Buffer.from(base64, 'base64'), maxBytes);
    if (picture !== undefined) return picture;
  }
  return undefined;
}

/** A picture as a data address. Its own bytes say what it is, whatever it calls itself. */
export function pictureOf(bytes: Buffer, atMost: number): string | undefined {
  const kind = bytes.length > atMost ? undefined : kinds.find(([, isOne]) => isOne(bytes));
  return kind === undefined ? undefined : `data:${kind[0]};base64,${bytes.toString('base64')}`;
}

/** Where the first icon lies that could be fetched: over https, without a name and password in its address. */
export function iconAddress(icons: unknown): string | undefined {
  if (!Array.isArray(icons)) return undefined;
  for (const icon of icons.slice(0, 10) as readonly unknown[]) {
    const src = typeof icon === 'object' && icon !== null && 'src' in icon ? icon.src : undefined;
    const url = typeof src === 'string' && src.length <= 2000 ? URL.parse(src) : null;
    if (url !== null && url.protocol === 'https:' && url.username === '' && url.password === '') return url.href;
  }
  return undefined;
}
