import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quickened } from '../../../src/sandbox/known-engine.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

describe('the engine that is installed', () => {
  it('is the one that is known, and offers and wants the same when it was made faster', async () => {
    const parts = async (wasm: Uint8Array<ArrayBuffer>) => {
      const module = await WebAssembly.compile(wasm);
      return [WebAssembly.Module.exports(module), WebAssembly.Module.imports(module)];
    };
    const quick = quickened(quickjs);
    expect(quick).not.toBe(quickjs);
    expect(await parts(quick)).toEqual(await parts(quickjs));
  });

  it('stays as it is where it is another one, by a single bit', () => {
    const other = quickjs.slice();
    other[other.length - 1]! ^= 1;
    expect(quickened(other)).toBe(other);
  });
});
