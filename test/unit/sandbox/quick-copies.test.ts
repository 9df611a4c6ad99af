import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withQuickCopies } from '../../../src/sandbox/quick-copies.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

/** A module with one page of memory, `m`, and `c(to, from, length)`, which copies within it. */
const copies = Buffer.from([
  '0061736d01000000', // the header
  '010a0260000060037f7f7f00', // two types
  '03020101', // one function, of the second
  '0503010001', // the memory
  '070902016d020001630000', // what is offered
  '0a0e010c00200020012002fc0a00000b', // the code
].join(''), 'hex');

async function copier(wasm: Uint8Array<ArrayBuffer>) {
  const { instance: { exports: { m: memory, c: copy } } } = await WebAssembly.instantiate(wasm);
  if (!(memory instanceof WebAssembly.Memory) || typeof copy !== 'function') throw new Error('The module is another one.');
  return { bytes: new Uint8Array(memory.buffer), copy: (to: number, from: number, length: number): unknown => Reflect.apply(copy, undefined, [to, from, length]) };
}

describe('copies of memory in the engine', () => {
  it('come to the same as before, for every length and however the two places overlap', async () => {
    const { bytes, copy } = await copier(withQuickCopies(new Uint8Array(copies)));
    const first = Uint8Array.from({ length: 200 }, (_, i) => (i * 37 + 11) & 0xff);
    for (let length = 0; length <= 40; length++) {
      for (let to = 60; to <= 140; to++) {
        bytes.set(first);
        copy(to, 100, length);
        expect(Buffer.compare(bytes.subarray(0, 200), Uint8Array.from(first).copyWithin(to, 100, 100 + length)), `${length} bytes from 100 to ${to}`).toBe(0);
      }
    }
  });

  it('touch nothing outside of the memory, and reach its last byte', async () => {
    const { bytes, copy } = await copier(withQuickCopies(new Uint8Array(copies)));
    const end = bytes.length;
    bytes.fill(7, 0, 64);
    for (const length of [1, 3, 4, 8, 16, 17, 64]) {
      copy(end - length, 0, length);
      expect(bytes.subarray(end - length).every((byte) => byte === 7)).toBe(true);
      expect(() => copy(end - length + 1, 0, length)).toThrow(WebAssembly.RuntimeError);
      expect(() => copy(0, end - length + 1, length)).toThrow(WebAssembly.RuntimeError);
    }
  });

  it('all go that way in the engine that is installed: 89 of them', () => {
    const found = (wasm: Uint8Array) => Buffer.from(wasm).toString('latin1').split('\xfc\x0a\0\0').length - 1;
    // One is left, in the function itself, for many bytes.
    expect([found(quickjs), found(withQuickCopies(quickjs))]).toEqual([89, 1]);
  });

  it('are not touched in a binary that cannot be read', () => {
    expect(() => withQuickCopies(new Uint8Array(copies.subarray(0, 8)))).toThrow('has no section');
    expect(() => withQuickCopies(Uint8Array.from([...copies.subarray(0, 8), 1, 4, 1, 0x60, 0, 0, ...copies.subarray(20)]))).toThrow('no function of the type that is wanted');
  });
});
