import { contentOf, leb128, listOf, wasmReader, wasmSections, withItem, withSections } from './wasm-sections.ts';

const typeSection = 1;
const importSection = 2;
const functionSection = 3;
const codeSection = 10;

/** `type` and `body` as the format has them, the body with its locals and its end. Only for a binary that imports nothing but functions and has one of this type. */
export interface AddedFunction {
  readonly type: Uint8Array;
  readonly body: Uint8Array;
}

/** The number by which the function is called that is added next. */
export function nextFunction(wasm: Uint8Array): number {
  return importCount(wasm) + listOf(contentOf(wasm, functionSection)).count;
}

/** The same binary with one more function, whose number is that of `nextFunction`. */
export function withFunction(wasm: Uint8Array, { type, body }: AddedFunction): Uint8Array<ArrayBuffer> {
  const functions = listOf(contentOf(wasm, functionSection));
  const bodies = listOf(contentOf(wasm, codeSection));
  return withSections(wasm, new Map([
    [functionSection, withItem(functions, leb128(numberOfType(contentOf(wasm, typeSection), type)))],
    [codeSection, withItem(bodies, [...leb128(body.length), ...body])],
  ]));
}

/** The same binary with other bodies for the functions of these numbers, in ascending order. The new ones may be of another length. */
export function withBodies(wasm: Uint8Array, numbers: readonly number[], change: (body: Buffer, number: number) => Buffer): Uint8Array<ArrayBuffer> {
  const code = contentOf(wasm, codeSection);
  const reader = wasmReader(code, 0);
  reader.number();
  const parts: Uint8Array[] = [];
  let [taken, next] = [0, importCount(wasm)];
  for (const number of numbers) {
    for (; next < number; next++) reader.skip(reader.number());
    const header = reader.position();
    const length = reader.number();
    const start = reader.position();
    const changed = change(code.subarray(start, start + length), number);
    parts.push(code.subarray(taken, header), Buffer.from(leb128(changed.length)), changed);
    reader.skip(length);
    next++;
    taken = start + length;
  }
  return withSections(wasm, new Map([[codeSection, Buffer.concat([...parts, code.subarray(taken)])]]));
}

/** With other bytes in each place of a pattern; the same body where there is none. */
export function replaced(body: Buffer, pattern: Buffer, by: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = body.indexOf(pattern); at >= 0; at = body.indexOf(pattern, from)) {
    parts.push(body.subarray(from, at), by);
    from = at + pattern.length;
  }
  return parts.length === 0 ? body : Buffer.concat([...parts, body.subarray(from)]);
}

function numberOfType(types: Buffer, wanted: Uint8Array): number {
  const reader = wasmReader(types, 0);
  const count = reader.number();
  for (let i = 0; i < count; i++) {
    const start = reader.position();
    reader.skip(1);
    // Parameters and results, a byte each.
    for (let side = 0; side < 2; side++) reader.skip(reader.number());
    if (types.subarray(start, reader.position()).equals(wanted)) return i;
  }
  throw new Error('The WASM binary has no function of the type that is wanted.');
}

function importCount(wasm: Uint8Array): number {
  const imports = wasmSections(wasm).find(({ id }) => id === importSection);
  if (imports === undefined) return 0;
  const reader = wasmReader(wasm, imports.start);
  const count = reader.number();
  for (let i = 0; i < count; i++) {
    for (let name = 0; name < 2; name++) reader.skip(reader.number());
    if (reader.number() !== 0) throw new Error('The WASM binary imports what is not a function.');
    reader.number();
  }
  return count;
}
