import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageCountName } from '../../../src/sandbox/engine-memory.ts';
import { quickened } from '../../../src/sandbox/known-engine.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

describe('the engine that is installed', () => {
  it('is the one that is known, and wants the same when it was changed, and offers nothing more than the number of its pages', async () => {
    const parts = async (wasm: Uint8Array<ArrayBuffer>) => {
      const module = await WebAssembly.compile(wasm);
      return [WebAssembly.Module.exports(module), WebAssembly.Module.imports(module)];
    };
    const quick = quickened(quickjs);
    expect(quick).not.toBe(quickjs);
    const [offers, wants] = await parts(quickjs);
    expect(await parts(quick)).toEqual([[...offers!, { name: pageCountName, kind: 'global' }], wants]);
  });

  it('stays as it is where it is another one, by a single bit', () => {
    const other = quickjs.slice();
    other[other.length - 1]! ^= 1;
    expect(quickened(other)).toBe(other);
  });
});
