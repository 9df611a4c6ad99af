/**
 * quickjs-ng hashes a number as a key of a Map or Set by multiplying the two halves of its double, and then uses the lowest bits, which are the same for all
 * small whole numbers: a map of 5,000 of them is searched like a list. In the code: `(d ^ d >>> 32) as 32 bits * 3163`.
 */
const weak = Buffer.from([0x22, 1, 0x42, 0x20, 0x88, 0x20, 1, 0x85, 0xa7, 0x41, 0xdb, 0x18, 0x6c]);
/** As long as that one: `d * 0x19e3779b1 >>> 44`, the upper bits of a product, on which all bits of the number have an influence. */
const spread = Buffer.from([0x22, 1, 0x42, 0xb1, 0xf3, 0xdd, 0xf1, 0x19, 0x7e, 0x42, 0x2c, 0x88, 0xa7]);

/** The same engine with numbers well spread as keys. One that does not have exactly this weakness stays as it is. */
export function withSpreadNumbers(wasm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(wasm.buffer, wasm.byteOffset, wasm.byteLength);
  const at = bytes.indexOf(weak);
  if (at < 0 || bytes.includes(weak, at + 1)) return wasm;
  const better = wasm.slice();
  better.set(spread, at);
  return better;
}
