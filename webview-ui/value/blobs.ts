import { pageLimits } from '../../src/shared/protocol-schema.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';

/** Reads part of a stored value in pieces that are small enough for one message each. */
export async function readBlob(client: RpcClient, hash: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { data } = await client.request('blob.read', { hash, offset: offset + filled, length: Math.min(pageLimits.blobBytes, length - filled) });
    const piece = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    if (piece.length === 0) break;
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes.subarray(0, filled);
}

export interface TextPage {
  readonly text: string;
  /** Where the next page begins. */
  readonly next: number;
}

/** A page of UTF-8 text from `offset`, ending at a whole character. */
export async function readTextPage(client: RpcClient, hash: string, offset: number, length: number): Promise<TextPage> {
  const bytes = await readBlob(client, hash, offset, length);
  const end = bytes.length < length ? bytes.length : wholeCharacters(bytes);
  return { text: new TextDecoder().decode(bytes.subarray(0, end)), next: offset + end };
}

/** Length without a character at the end whose bytes are not all there. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
