const headerLength = 8;

export interface WasmSection {
  readonly id: number;
  /** Where it begins, with its number and length. */
  readonly header: number;
  readonly start: number;
  readonly end: number;
}

export function* wasmSections(wasm: Uint8Array): Generator<WasmSection> {
  for (let header = headerLength; header < wasm.length;) {
    const at = wasmReader(wasm, header + 1);
    const length = at.number();
    const start = at.position();
    yield { id: wasm[header]!, header, start, end: start + length };
    header = start + length;
  }
}

/** The same binary with other contents in some of its sections, by their number. */
export function withSections(wasm: Uint8Array, contents: ReadonlyMap<number, Uint8Array>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [wasm.subarray(0, headerLength)];
  for (const { id, header, end } of wasmSections(wasm)) {
    const content = contents.get(id);
    if (content === undefined) parts.push(wasm.subarray(header, end));
    else parts.push(Uint8Array.from([id, ...leb128(content.length)]), content);
  }
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A copy of what is in a section. */
export function contentOf(wasm: Uint8Array, id: number): Buffer {
  const section = wasmSections(wasm).find((each) => each.id === id);
  if (section === undefined) throw new Error(`The WASM binary has no section ${id}.`);
  return Buffer.from(wasm.slice(section.start, section.end).buffer);
}

/** Most sections are lists: how many there are, and then each. */
export interface WasmList {
  readonly count: number;
  readonly items: Buffer;
}

export function listOf(content: Buffer): WasmList {
  const reader = wasmReader(content, 0);
  const count = reader.number();
  return { count, items: content.subarray(reader.position()) };
}

/** The content of a section with one item more. */
export function withItem({ count, items }: WasmList, item: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(leb128(count + 1)), items, Buffer.from(item)]);
}

export function wasmReader(bytes: Uint8Array, start: number) {
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
    skip(length: number): void {
      position += length;
    },
  };
}

/** The same as `leb128`, to stand among instructions that are written in hexadecimal digits. */
export function leb128Hex(value: number): string {
  return Buffer.from(leb128(value)).toString('hex');
}

export function leb128(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
