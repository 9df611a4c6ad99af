import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withSpreadNumbers } from '../../../src/sandbox/number-hash.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

describe('the hash of numbers in the engine', () => {
  it('is replaced in the engine that is installed, in one place and without moving anything', async () => {
    const better = withSpreadNumbers(quickjs);
    expect(better).toHaveLength(quickjs.length);
    expect(better.filter((byte, i) => byte !== quickjs[i]).length).toBeLessThanOrEqual(11);
    expect(better).not.toEqual(quickjs);
    await expect(WebAssembly.compile(better)).resolves.toBeInstanceOf(WebAssembly.Module);
  });

  it('stays as it is in an engine that has no such place, or several', () => {
    expect(withSpreadNumbers(withSpreadNumbers(quickjs))).toEqual(withSpreadNumbers(quickjs));
    const twice = new Uint8Array([...quickjs, ...quickjs]);
    expect(withSpreadNumbers(twice)).toBe(twice);
  });
});
