/** Text and bytes. */
export const bytesSource = String.raw`
const encoder = new TextEncoder(), decoder = new TextDecoder();

function joinBytes(chunks, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** A copy of the bytes of a buffer or a view of one; undefined for anything else. */
function bytesOfView(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return value instanceof ArrayBuffer ? new Uint8Array(value).slice() : undefined;
}
`;
