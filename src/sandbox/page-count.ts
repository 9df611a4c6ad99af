import { pageCountName } from './engine-memory.ts';
import { nextFunction, replaced, withBodies, withFunction } from './wasm-functions.ts';
import { contentOf, leb128, leb128Hex, listOf, wasmReader, withItem, withSections } from './wasm-sections.ts';

const memorySection = 5;
const globalSection = 6;
const exportSection = 7;

/** `memory.size`, and that it is shifted to bytes. */
const size = Buffer.from('3f00', 'hex');
const inBytes = Buffer.from('411074', 'hex');
/** `memory.grow`, and that it is asked whether it failed. */
const grow = Buffer.from('4000', 'hex');
const failed = Buffer.from('2200417f46', 'hex');

/** In quickjs-wasi 3.6.2, the functions that ask for the size of the memory, or have it grow: `malloc` and `sbrk`. */
const askingFunctions = [1656, 1657];

/** `(i32) -> i32` */
const growType = Buffer.from('60017f017f', 'hex');

/** `grow(more)`, as `memory.grow`: the number of pages before, or -1. */
function growing(pages: number): Buffer {
  const get = `23${leb128Hex(pages)}`;
  return Buffer.from([
    '01027f', // two numbers
    `${get}2101`, // before
    '200120006a2102', // after
    '20023f004b0440', // more than there ever were
    '20023f006b4000417f460440417f0f0b0b', // that many more, or -1
    `200224${leb128Hex(pages)}`,
    '20010b',
  ].join(''), 'hex');
}

/**
 * The same binary with the size of its memory as a number that the host can set back: what the engine is told is that number, and only where it exceeds what there is the memory grows.
 * WebAssembly memory never shrinks; a memory that has grown once can so be had again by an engine that knows nothing of it. Only for a memory of less than 4 MiB. `asking` are the
 * numbers of the functions in which that happens.
 */
export function withPageCount(wasm: Uint8Array, asking = askingFunctions): Uint8Array<ArrayBuffer> {
  const globals = listOf(contentOf(wasm, globalSection));
  const exported = listOf(contentOf(wasm, exportSection));
  const memory = wasmReader(contentOf(wasm, memorySection), 2);
  const pages = globals.count;
  const get = Buffer.from([0x23, ...leb128(pages)]);
  const call = Buffer.from([0x10, ...leb128(nextFunction(wasm))]);
  const asked = [Buffer.concat([size, inBytes]), Buffer.concat([get, inBytes])] as const;
  const grown = [Buffer.concat([grow, failed]), Buffer.concat([call, failed])] as const;
  const counting = withBodies(wasm, asking, (body) => replaced(replaced(body, ...asked), ...grown));
  const added = withSections(counting, new Map([
    [globalSection, withItem(globals, [0x7f, 1, 0x41, ...leb128(memory.number()), 0x0b])],
    [exportSection, withItem(exported, [pageCountName.length, ...Buffer.from(pageCountName), 3, ...leb128(pages)])],
  ]));
  return withFunction(added, { type: growType, body: growing(pages) });
}
