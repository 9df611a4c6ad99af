import { readFileSync } from 'node:fs';
import { QuickJS } from 'quickjs-wasi';
import { describe, expect, it } from 'vitest';
import { withShortWays } from '../../../src/sandbox/short-ways.ts';
import { withoutTraces } from '../../../src/sandbox/untraced-engine.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));
const short = await WebAssembly.compile(withShortWays(withoutTraces(quickjs)));
const whole = await WebAssembly.compile(quickjs);

/** Programs that let go of values of every kind: once and several times, in cycles, in exceptions, and where a program is ended in the middle. */
const programs = [
  'const l = []; for (let i = 0; i < 3000; i++) l.push({ i, s: "n" + i, at: [i, l[i - 1]] }); l.length = 7; l.length',
  'for (let i = 0; i < 2000; i++) { const a = { i }, b = { a }; a.b = b; a.c = [a, b, () => a]; } 1',
  'let n = 0; for (let i = 0; i < 500; i++) try { throw new Error("e" + i); } catch (e) { n += e.message.length; } n',
  'const m = new Map(), w = new WeakMap(); for (let i = 0; i < 500; i++) { const k = { i }; m.set(k, i); w.set(k, new WeakRef(k)); if (i % 3) m.delete(k); } m.size',
  '[...("ab".repeat(500)).matchAll(/(a)(b)/g)].map((m) => m[1] + m[2]).join("").length',
  'function* g(n) { for (let i = 0; i < n; i++) yield Symbol("s" + i); } [...g(300)].length + (2n ** 4000n).toString().length',
  'let p = Promise.resolve(0); for (let i = 0; i < 300; i++) p = p.then((x) => x + i); 1',
  'class A { #x = [1]; get x() { return this.#x; } } let r; for (let i = 0; i < 300; i++) r = new Proxy(new A(), { get: (t, k) => Reflect.get(t, k, t) }).x; r.length',
];

/** What each program comes to, how much is held after each and after looking for cycles, and how often the engine asked whether it may go on. */
async function outcome(wasm: WebAssembly.Module) {
  let [asked, most] = [0, Number.POSITIVE_INFINITY];
  const vm = await QuickJS.create({ wasm, interruptHandler: () => ++asked > most, wasi: () => ({ clock_time_get: () => 0, random_get: () => 0 }) });
  const held = () => {
    const { mallocSize, mallocCount, objCount, strCount, atomCount } = vm.getMemoryUsage();
    return { mallocSize, mallocCount, objCount, strCount, atomCount };
  };
  const ends = programs.map((source) => {
    using result = vm.evalCode(`(() => eval(${JSON.stringify(source)}))()`);
    const value = result.toNumber();
    vm.executePendingJobs();
    const left = held();
    vm.runGC();
    return { value, left, collected: held() };
  });
  most = asked + 3;
  expect(() => vm.evalCode('const kept = []; for (;;) kept.push({ at: [kept] });')).toThrow('interrupted');
  vm.runGC();
  const ended = held();
  vm.dispose();
  return { ends, asked, ended };
}

describe('the engine with short ways', () => {
  it('gives the same results, holds the same after each program, and asks as often whether it may go on', async () => {
    const [ours, theirs] = [await outcome(short), await outcome(whole)];
    expect(ours).toEqual(theirs);
    expect(theirs.asked).toBeGreaterThan(3);
    expect(theirs.ends.map(({ value }) => value > 0)).not.toContain(false);
  });

  it('has them in each of the 140 places where instructions of a program are carried out', () => {
    const found = (wasm: Uint8Array, pattern: string) => Buffer.from(wasm).toString('latin1').split(Buffer.from(pattern, 'hex').toString('latin1')).length - 1;
    const changed = withShortWays(withoutTraces(quickjs));
    // `local.set` of the value and of the context; of the context alone, and `local.get`.
    expect([found(changed, '213c2139203c'), found(changed, '213920392802a402')]).toEqual([130, 10]);
  });

  it('offers and wants the same, and is not made of another one', () => {
    expect(WebAssembly.Module.exports(short)).toEqual(WebAssembly.Module.exports(whole));
    expect(WebAssembly.Module.imports(short)).toEqual(WebAssembly.Module.imports(whole));
    // With its room on the stack, to let go of a value is another function.
    expect(() => withShortWays(quickjs)).toThrow('is not the one that is known');
  });
});
