export interface PictureFacts {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What kind of picture these bytes are and how large, from their beginning alone: a name or a server may say anything. `undefined` for what models do not take. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (ascii(bytes, 1, 3) === 'PNG' && bytes[0] === 0x89) return { mediaType: 'image/png', width: data.getUint32(16), height: data.getUint32(20) };
    if (ascii(bytes, 0, 4) === 'GIF8') return { mediaType: 'image/gif', width: data.getUint16(6, true), height: data.getUint16(8, true) };
    if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return webp(bytes, data);
    return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpeg(data) : undefined;
  } catch (error) {
    // It ends before its size: no picture that could be shown.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function webp(bytes: Uint8Array, data: DataView): PictureFacts | undefined {
  const uint24 = (at: number) => data.getUint16(at, true) + data.getUint8(at + 2) * 65_536;
  switch (ascii(bytes, 12, 4)) {
    case 'VP8X':
      return { mediaType: 'image/webp', width: uint24(24) + 1, height: uint24(27) + 1 };
    case 'VP8L': {
      const bits = data.getUint32(21, true);
      return { mediaType: 'image/webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { mediaType: 'image/webp', width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
    default:
      return undefined;
  }
}

/** Goes from segment to segment to the one that holds the size. */
function jpeg(data: DataView): PictureFacts | undefined {
  for (let at = 2; data.getUint8(at) === 0xff; ) {
    const marker = data.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // SOF0 to SOF15 without the tables for Huffman, arithmetic and progression, which lie among them.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { mediaType: 'image/jpeg', width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
    at += 2 + data.getUint16(at + 2);
  }
  return undefined;
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
