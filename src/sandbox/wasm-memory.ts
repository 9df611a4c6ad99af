const memorySection = 5;
const headerLength = 8;

/**
 * The same WASM binary with a maximum for the memory that it declares itself. The engine's own limit counts only what it allocates
 * for JavaScript values; this one holds for everything, including the engine's bugs.
 */
export function withMemoryMaximum(wasm: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  const section = findMemorySection(wasm);
  const body = reader(wasm, section.start);
  const count = body.number();
  if (count !== 1) throw new Error(`The WASM binary declares ${count} memories, not one.`);
  body.number(); // flags: with a maximum or without, it gets a new one
  const minimum = body.number();
  const content = [...leb128(count), 1, ...leb128(minimum), ...leb128(maximumPages)];
  const replacement = [memorySection, ...leb128(content.length), ...content];
  const out = new Uint8Array(section.header + replacement.length + wasm.length - section.end);
  out.set(wasm.subarray(0, section.header));
  out.set(replacement, section.header);
  out.set(wasm.subarray(section.end), section.header + replacement.length);
  return out;
}

function findMemorySection(wasm: Uint8Array): { readonly header: number; readonly start: number; readonly end: number } {
  for (let header = headerLength; header < wasm.length;) {
    const at = reader(wasm, header + 1);
    const length = at.number();
    const start = at.position();
    if (wasm[header] === memorySection) return { header, start, end: start + length };
    header = start + length;
  }
  throw new Error('The WASM binary declares no memory.');
}

function reader(bytes: Uint8Array, start: number) {
  let position = start;
  return {
    position: () => position,
    /** An unsigned LEB128 number. */
    number(): number {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[position++];
        if (byte === undefined) throw new Error('The WASM binary ends too early.');
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return value;
      }
    },
  };
}

function leb128(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
