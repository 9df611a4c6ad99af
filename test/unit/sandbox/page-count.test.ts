import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EngineMemory, pageCountName } from '../../../src/sandbox/engine-memory.ts';
import { withPageCount } from '../../../src/sandbox/page-count.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

const pageBytes = 65_536;
const maximum = 4;

/** A module with a memory of one page and at most four, `m`, with `s()`, which is its size in bytes, and `g(pages)`, which has it grow. */
const memory = Buffer.from([
  '0061736d01000000', // the header
  '010a02', '6000017f', '60017f017f', // two types
  '0303020001', // two functions
  '050401010104', // the memory
  '0606017f0141000b', // a number of its own
  '070d03', '016d0200', '01730000', '01670001', // what is offered
  '0a1802', '07003f004110740b', '0e0020004000220', '0417f461a20000b', // the code
].join(''), 'hex');

async function grower(wasm: Uint8Array<ArrayBuffer>) {
  const { instance: { exports } } = await WebAssembly.instantiate(wasm);
  const { m, s: size, g: grow, [pageCountName]: pages } = exports;
  if (!(m instanceof WebAssembly.Memory) || typeof size !== 'function' || typeof grow !== 'function') throw new Error('The module is another one.');
  const call = (callee: typeof size, ...values: readonly number[]): unknown => Reflect.apply(callee, undefined, values);
  return { memory: EngineMemory.of({ memory: m, ...(pages === undefined ? {} : { [pageCountName]: pages }) }), size: () => call(size), grow: (more: number) => call(grow, more) };
}

const own = () => grower(withPageCount(new Uint8Array(memory), [0, 1]));

describe('a memory whose pages the engine counts by itself', () => {
  it('has the size, grows and stops growing as it would otherwise', async () => {
    const [counting, plain] = [await own(), await grower(new Uint8Array(memory))];
    for (const more of [0, 1, 2, 1, 0, 65_535, 1]) {
      expect([counting.size(), counting.grow(more), counting.size()]).toEqual([plain.size(), plain.grow(more), plain.size()]);
      expect([counting.memory.size, counting.memory.buffer.byteLength]).toEqual([plain.memory.size, plain.memory.size]);
    }
    expect(plain.memory.size).toBe(maximum * pageBytes);
  });

  it('gets its size back and grows once more, into what was there already', async () => {
    const { memory: counted, size, grow } = await own();
    grow(2);
    const { buffer } = counted;
    expect(counted.resize(pageBytes)).toBe(true);
    expect([size(), counted.size, counted.buffer.byteLength]).toEqual([pageBytes, pageBytes, 3 * pageBytes]);
    expect([grow(1), size(), grow(1), size()]).toEqual([1, 2 * pageBytes, 2, 3 * pageBytes]);
    // The same pages: nothing was asked of the system.
    expect(counted.buffer).toBe(buffer);
    expect([grow(1), size(), counted.buffer.byteLength]).toEqual([3, 4 * pageBytes, 4 * pageBytes]);
  });

  it('stops at its maximum also when that was reached before, and keeps its size then', async () => {
    const { memory: counted, size, grow } = await own();
    expect(grow(3)).toBe(1);
    counted.resize(2 * pageBytes);
    expect([grow(3), size()]).toEqual([-1, 2 * pageBytes]);
    expect([grow(2), size()]).toEqual([2, 4 * pageBytes]);
    expect(() => counted.resize(5 * pageBytes)).toThrow(RangeError);
    expect(counted.size).toBe(4 * pageBytes);
  });

  it('is the size of the memory itself where the engine does not count', async () => {
    const { memory: plain, grow } = await grower(new Uint8Array(memory));
    grow(1);
    expect([plain.size, plain.resize(pageBytes), plain.size, plain.resize(3 * pageBytes), plain.size]).toEqual([2 * pageBytes, false, 2 * pageBytes, true, 3 * pageBytes]);
  });
});

describe('the engine that is installed', () => {
  const found = (wasm: Uint8Array, pattern: string) => Buffer.from(wasm).toString('latin1').split(Buffer.from(pattern, 'hex').toString('latin1')).length - 1;

  it('counts in each of the three places that ask for the size, and the two that have it grow', () => {
    const counting = withPageCount(quickjs);
    expect([found(quickjs, '3f00411074'), found(quickjs, '40002200417f46')]).toEqual([3, 2]);
    expect([found(counting, '3f00411074'), found(counting, '40002200417f46')]).toEqual([0, 0]);
    expect(found(counting, '2301411074')).toBe(3);
  });

  it('begins with the pages that it has', async () => {
    const { instance: { exports } } = await WebAssembly.instantiate(withPageCount(quickjs), {
      env: Object.fromEntries(['host_get_timezone_offset', 'host_interrupt', 'host_promise_rejection', 'host_module_normalize', 'host_module_load', 'host_call'].map((name) => [name, () => 0])),
      wasi_snapshot_preview1: Object.fromEntries(['clock_time_get', 'fd_close', 'fd_fdstat_get', 'fd_seek', 'fd_write', 'random_get'].map((name) => [name, () => 0])),
    });
    const { memory: exported, [pageCountName]: pages } = exports;
    if (!(exported instanceof WebAssembly.Memory) || !(pages instanceof WebAssembly.Global)) throw new Error('It does not count.');
    expect(pages.value).toBe(exported.buffer.byteLength / pageBytes);
  });
});
