import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutTraces } from '../../../src/sandbox/untraced-engine.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

const occurrences = (wasm: Uint8Array, pattern: string) => Buffer.from(wasm).toString('latin1').split(Buffer.from(pattern, 'hex').toString('latin1')).length - 1;

describe('what only serves those who debug the engine', () => {
  it('is taken out of the engine that is installed, without moving anything', async () => {
    const quick = withoutTraces(quickjs);
    expect(quick).not.toBe(quickjs);
    expect(quick).toHaveLength(quickjs.length);
    expect([occurrences(quickjs, '2d00f105418001710440'), occurrences(quick, '2d00f105418001710440')]).toEqual([223, 0]);
    const neverAsks = `1a4100${'01'.repeat(8)}0440`;
    expect([occurrences(quickjs, neverAsks), occurrences(quick, neverAsks)]).toEqual([0, 221]);
    const parts = async (wasm: Uint8Array<ArrayBuffer>) => {
      const module = await WebAssembly.compile(wasm);
      return [WebAssembly.Module.exports(module), WebAssembly.Module.imports(module)];
    };
    expect(await parts(quick)).toEqual(await parts(quickjs));
  });

  it('changes 223 questions and one function, and no other byte', () => {
    const quick = withoutTraces(quickjs);
    const changed = [...quick.keys()].filter((i) => quick[i] !== quickjs[i]);
    // Stretches of bytes that lie close together.
    const stretches = changed.filter((at, i) => i === 0 || at - changed[i - 1]! > 12);
    expect(stretches).toHaveLength(223 + 2);
  });
});
