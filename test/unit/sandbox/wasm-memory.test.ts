import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withMemoryMaximum } from '../../../src/sandbox/wasm-memory.ts';

const quickjs = readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url));

/** A module with one exported memory of one page: with a maximum of 300 pages, or without. */
const tiny = (limits: readonly number[]) => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, limits.length + 1, 1, ...limits, 7, 5, 1, 1, 0x6d, 2, 0]);

async function memoryOf(wasm: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Memory> {
  const { instance } = await WebAssembly.instantiate(wasm);
  const memory = instance.exports['m'];
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory');
  return memory;
}

describe('the memory maximum of a WASM binary', () => {
  it.each([['without one', [0, 1]], ['with a larger one', [1, 1, 0xac, 2]]])('holds for a binary %s', async (_name, limits) => {
    const memory = await memoryOf(withMemoryMaximum(tiny(limits), 200));
    memory.grow(199);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  it('leaves the rest of the engine as it is', async () => {
    expect(WebAssembly.Module.exports(await WebAssembly.compile(quickjs))).toEqual(WebAssembly.Module.exports(await WebAssembly.compile(withMemoryMaximum(quickjs, 1024))));
  });

  it('refuses what it cannot read', () => {
    expect(() => withMemoryMaximum(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), 10)).toThrow('declares no memory');
    expect(() => withMemoryMaximum(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 0x80]), 10)).toThrow('ends too early');
  });
});
