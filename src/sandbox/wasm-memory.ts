import { leb128, wasmReader, wasmSections, withSections } from './wasm-sections.ts';

const memorySection = 5;

/**
 * The same WASM binary with a maximum for the memory that it declares itself. The engine's own limit counts only what it allocates
 * for JavaScript values; this one holds for everything, including the engine's bugs.
 */
export function withMemoryMaximum(wasm: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  const section = wasmSections(wasm).find(({ id }) => id === memorySection);
  if (section === undefined) throw new Error('The WASM binary declares no memory.');
  const body = wasmReader(wasm, section.start);
  const count = body.number();
  if (count !== 1) throw new Error(`The WASM binary declares ${count} memories, not one.`);
  body.number(); // flags: with a maximum or without, it gets a new one
  const minimum = body.number();
  return withSections(wasm, new Map([[memorySection, Uint8Array.from([...leb128(count), 1, ...leb128(minimum), ...leb128(maximumPages)])]]));
}
