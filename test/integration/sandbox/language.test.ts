import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { insteadOfGlobal } from '../../../src/sandbox/missing-apis.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { Json } from '../../../src/shared/json.ts';
import { buildSandboxFiles, guestError, guestValue, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
const factories = new Map<EngineName, SandboxFactory>();
const engines: readonly EngineName[] = ['quickjs-wasi', 'quickjs-emscripten'];

beforeAll(async () => {
  files = await buildSandboxFiles();
  for (const engine of engines) factories.set(engine, sandboxFactory(files, engine));
});
afterAll(async () => {
  for (const factory of factories.values()) await factory[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

/** The same program in both engines must give the same answer: what differs is a mistake of one of them, or of ours. */
const programs: readonly (readonly [name: string, source: string, value: Json])[] = [
  ['calls an async function with JSON and gives back JSON', 'export default async (a, { b }) => ({ sum: a + b, list: [1, "é😀", null, true] });', { sum: 3, list: [1, 'é😀', null, true] }],
  ['finds numbers as keys of maps and sets, however they were computed', `export default () => {
    const keys = [0, 1, -1, 0.5, 2 ** 31, 2 ** 32 + 1, 2 ** 53, 1e300, NaN, Infinity, ...Array.from({ length: 5000 }, (_, i) => i * 1.25)];
    const m = new Map(keys.map((key) => [key, String(key)]));
    const again = keys.map((key) => (Number.isNaN(key) ? 0 / 0 : key / 4 * 4));
    const [first] = new Map([[2.5 * 2, 'five']]).keys();
    return [again.every((key) => m.get(key) === String(key)), m.get(-0), m.has(0.1 + 0.2), new Set([1, 2 / 2, 3 - 2]).size, first, keys.every((key) => m.delete(key) || key * 0 === 0), m.size];
  };`, [true, '0', false, 1, 5, true, 0]],
  ['gives null for nothing', 'export default () => undefined;', null],
  ['awaits at the top level', 'const v = await new Promise((r) => setTimeout(r, 1, 5)); export default () => v;', 5],
  ['iterates asynchronously', 'async function* g() { yield 1; await null; yield 2; } export default async () => { const l = []; for await (const x of g()) l.push(x); return l; };', [1, 2]],
  ['has the modern built-ins', 'export default () => [[3, 1].toSorted(), [1, 2].at(-1), Object.groupBy([1, 2], (x) => (x % 2 ? "odd" : "even")).odd, new Set([1]).union(new Set([2])).size, [1, 2, 3].values().map((x) => x * 2).toArray(), "a-b".replaceAll("-", "+")];', [[1, 3], 2, [1], 2, [2, 4, 6], 'a+b']],
  ['copies structures', `export default () => {
    const a = { date: new Date(5), map: new Map([[1, { x: 1 }]]), set: new Set([1]), pattern: /x/gi, bytes: new Uint16Array([1, 2]), holes: [1, , 3] };
    a.self = a;
    const b = structuredClone(a);
    let refused;
    try { structuredClone(() => 1); } catch (error) { refused = error.name; }
    return [b !== a, b.self === b, b.date.getTime(), b.map.get(1), [...b.set], String(b.pattern), [...b.bytes], 1 in b.holes, structuredClone(new TypeError("q")) instanceof TypeError, refused];
  };`, [true, true, 5, { x: 1 }, [1], '/x/gi', [1, 2], false, true, 'DataCloneError']],
  ['encodes and decodes UTF-8', `export default () => {
    const bytes = new TextEncoder().encode("hé€😀\\ud800x");
    let fatal;
    try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])); } catch (error) { fatal = error.name; }
    return [[...bytes], new TextDecoder().decode(bytes), new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xff, 0x41, 0xe2, 0x82, 0x42, 0xed, 0xa0, 0x80])), fatal];
  };`, [[104, 195, 169, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189, 120], 'hé€😀\ufffdx', '\ufffdA\ufffdB\ufffd\ufffd\ufffd', 'TypeError']],
  ['reads and changes addresses', `export default () => {
    const u = new URL("../ä?q=1#h", "http://user:pw@bücher.example:8080/x/y");
    u.searchParams.append("z", "ü &");
    u.hash = "";
    u.port = "80";
    const p = new URLSearchParams({ a: "1", b: "2 3" });
    p.set("a", "9");
    p.delete("b");
    p.append("c", "%zz+ ");
    return [u.href, u.host, u.origin, [...u.searchParams], p.toString(), URL.canParse("nope"), URL.parse("nope"), [...new URLSearchParams("?a=%zz&b=%C3%A9&c=+x").values()], JSON.stringify({ u })];
  };`, ['http://user:pw@xn--bcher-kva.example/%C3%A4?q=1&z=%C3%BC+%26', 'xn--bcher-kva.example', 'http://xn--bcher-kva.example', [['q', '1'], ['z', 'ü &']], 'a=9&c=%25zz%2B+', false, null, ['%zz', 'é', ' x'], '{"u":"http://user:pw@xn--bcher-kva.example/%C3%A4?q=1&z=%C3%BC+%26"}']],
  ['aborts', `export default async () => {
    const seen = [], controller = new AbortController();
    controller.signal.addEventListener("abort", () => seen.push("listener"));
    controller.signal.onabort = () => seen.push("onabort");
    controller.abort();
    const timeout = AbortSignal.timeout(1);
    await new Promise((resolve) => timeout.addEventListener("abort", resolve));
    try { timeout.throwIfAborted(); } catch (error) { seen.push(error.name); }
    return [seen, controller.signal.reason.name, AbortSignal.any([new AbortController().signal, controller.signal]).aborted];
  };`, [['listener', 'onabort', 'TimeoutError'], 'AbortError', true]],
  ['runs timers and microtasks in order', `export default async () => {
    const seen = [];
    const stopped = setTimeout(() => seen.push("stopped"), 1);
    clearTimeout(stopped);
    setTimeout((a, b) => seen.push(a + b), 5, "x", "y");
    await new Promise((resolve) => { let n = 0; const i = setInterval(() => { if (++n === 3) { clearInterval(i); resolve(); } }, 3); });
    queueMicrotask(() => seen.push("microtask"));
    await null;
    return seen;
  };`, ['xy', 'microtask']],
  ['leaves globals of Node and browsers undefined, so that libraries see that they are not there', 'export default () => [typeof process, typeof require, typeof fetch, typeof Buffer, typeof window, typeof module];', ['undefined', 'undefined', 'undefined', 'undefined', 'undefined', 'undefined']],
];

describe.each(engines)('the guest language in %s', (engine) => {
  const factory = () => factories.get(engine)!;

  it.each(programs)('%s', async (_name, source, value) => {
    expect(await guestValue(factory(), source, { args: [1, { b: 2 }] })).toEqual(value);
  });

  it('imports other modules of the program, also by the names of their JavaScript', async () => {
    expect(await guestValue(factory(), "import { b } from './lib/b.js'; import { c } from './c.ts'; export const sum = async () => b + c + (await import('./c.js')).c;", {
      call: 'sum', modules: { 'lib/b.ts': "import { c } from '../c.js'; export const b = c + 1;", 'c.ts': 'export const c = 1;' },
    })).toBe(4);
  });

  it('writes what it logs as text, and never more than a screenful of one value', async () => {
    const { console } = await runGuest(factory(), `export default () => {
      class Point { x = 1; get y() { throw new Error("not read"); } }
      const loop = {}; loop.self = loop;
      console.log("a", 1, { b: [1, "x", new Map([[1, { z: 2 }]]), new Set([1])], d: new Date(0), f() {}, u: undefined, n: 3n, s: Symbol("q") });
      console.warn(new Point(), loop, [1, [2, [3, [4, [5]]]]]);
      console.error(new TypeError("boo"));
      console.debug("x".repeat(100000).length, "y".repeat(100000));
    }`);
    expect(console.slice(0, 2)).toEqual([
      'info: a 1 { b: [1, "x", Map { 1 => { z: 2 } }, Set { 1 }], d: 1970-01-01T00:00:00.000Z, f: [function f], u: undefined, n: 3n, s: Symbol(q) }',
      'warn: { x: 1 } { self: [circular] } [1, [2, [3, [4, [array]]]]]',
    ]);
    expect(console[2]).toMatch(/^error: TypeError: boo\n    at default \(main\.js:6:\d+\)$/);
    expect(console[3]).toMatch(/^debug: 100000 y{10000}/);
    expect(console[3]!.length).toBeLessThan(17_000);
  });

  it('stands still where the clock is frozen, and gives the same random numbers in every run', async () => {
    const source = `export default async () => {
      const start = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const random = [Math.random(), Math.random()];
      const real = new Date(0).constructor;
      return { passed: [Date.now() - start, +new Date() - start, performance.now(), new real() - start], random, iso: new Date(5).toISOString(), same: real === Date, instance: new Date() instanceof Date, text: typeof Date() };
    };`;
    const run = () => guestValue(factory(), source, { clock: 'frozen', random: 'seeded' });
    const first = await run();
    expect(first).toMatchObject({ passed: [0, 0, 0, 0], iso: '1970-01-01T00:00:00.005Z', same: true, instance: true, text: 'string' });
    expect(await run()).toEqual(first);
    expect(await guestValue(factories.get('quickjs-wasi')!, source, { clock: 'frozen', random: 'seeded' })).toMatchObject({ random: (first as { random: Json }).random });
  });

  it('has real time and real random numbers where they are granted', async () => {
    const source = 'export default async () => { const t = Date.now(); await new Promise((r) => setTimeout(r, 20)); return { passed: Date.now() - t, id: crypto.randomUUID(), sum: crypto.getRandomValues(new Uint8Array(64)).reduce((a, b) => a + b), random: Math.random() }; };';
    const [a, b] = [await guestValue(factory(), source), await guestValue(factory(), source)] as { passed: number; id: string; sum: number; random: number }[];
    expect(a!.passed).toBeGreaterThan(10);
    expect(a!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(a!.id).not.toBe(b!.id);
    expect(a!.sum).toBeGreaterThan(0);
    expect(a!.random).not.toBe(b!.random);
  });

  it('says that real random numbers need a grant', async () => {
    expect(await guestError(factory(), 'export default () => crypto.randomUUID();', { random: 'seeded' })).toMatchObject({ code: 'chain-failed', message: expect.stringContaining('the grant "random"') });
  });

  it('names module, line and function where the program threw', async () => {
    const error = await guestError(factory(), "import { f } from './lib.js';\nexport default async function main() {\n  await null;\n  f();\n}", { modules: { 'lib.js': '\nexport function f() {\n  throw new TypeError("boo");\n}' } });
    expect(error).toMatchObject({ code: 'chain-failed', message: 'boo', data: { name: 'TypeError', stack: [{ module: 'lib.js', line: 3, function: 'f' }, { module: 'main.js', line: 4, function: 'main' }] } });
  });

  it.each([['main.js', 'export default () => {\n  let x = = 2;\n};', {}, 2], ['b.js', "import './b.js'; export default () => 1;", { 'b.js': 'let a;\n\nlet a;' }, 3]])('names the place in %s that cannot be compiled', async (module, source, modules, line) => {
    expect(await guestError(factory(), source, { modules })).toMatchObject({ code: 'chain-syntax', data: { name: 'SyntaxError', stack: [{ module, line }] } });
  });

  it('does not take a SyntaxError that the program threw for one of its own text', async () => {
    expect(await guestError(factory(), 'export default () => JSON.parse("{");')).toMatchObject({ code: 'chain-failed', data: { name: 'SyntaxError', stack: [{ module: 'main.js', line: 1 }] } });
  });

  it('names the guest API to use instead of one that is not there', async () => {
    expect((await guestError(factory(), "export default () => fetch('http://x');")).message).toContain("import { http } from 'assassin'");
    expect((await guestError(factory(), "export default () =>\n  crypto.subtle.digest('SHA-256', new Uint8Array(1));")).message).toContain('There is no Web Crypto here');
    expect((await guestError(factory(), 'export default () => globalThis.process.env;')).message).toContain('There is no process here');
    expect((await guestError(factory(), 'export default () => process.env.HOME;')).message).toContain('There is no process here');
    expect((await guestError(factory(), "import { readFile } from 'node:fs';\nexport default () => 1;")).message).toContain("import { workspace } from 'assassin'");
    expect((await guestError(factory(), "export default () => import('lodash');")).message).toBe('There is no module "lodash" for main.js to import. A chain can import \'assassin\' and files next to it.');
  });

  it('has every global of Node, or a sentence for it', async () => {
    const names = Object.getOwnPropertyNames(globalThis).filter((name) => !/^(__|VITEST|_|expect$|vi$)/i.test(name));
    const missing = (await guestValue(factory(), 'export default (names) => names.filter((name) => !(name in globalThis));', { args: [names] })) as readonly string[];
    expect(missing).toContain('fetch');
    expect(missing.filter((name) => insteadOfGlobal('ReferenceError', `${name} is not defined`) === undefined)).toEqual([]);
  });

  it('says what is wrong with a program that has nothing to call, or a result that is not JSON', async () => {
    expect(await guestError(factory(), 'export const x = 1;')).toMatchObject({ code: 'chain-invalid', hint: expect.stringContaining('export default') });
    expect(await guestError(factory(), 'export const x = 1;', { call: 'x' })).toMatchObject({ code: 'chain-invalid', message: expect.stringContaining('a value of type number') });
    expect((await guestError(factory(), 'export default () => 1n;')).message).toContain('The result is not JSON');
    expect((await guestError(factory(), 'export default () => { const a = {}; a.a = a; return a; };')).message).toContain('The result is not JSON');
  });

  it('fails where a timer or a microtask throws', async () => {
    expect((await guestError(factory(), 'export default () => new Promise(() => setTimeout(() => { throw new Error("in a timer"); }, 1));')).message).toBe('in a timer');
    expect((await guestError(factory(), 'export default () => new Promise(() => queueMicrotask(() => { throw new Error("in a microtask"); }));')).message).toBe('in a microtask');
  });

  it('ends a program that waits for what will never happen', async () => {
    expect(await guestError(factory(), 'export default () => new Promise(() => {});')).toMatchObject({ code: 'chain-failed', message: 'The chain waits for something that will never happen.' });
    expect((await guestError(factory(), 'await new Promise(() => {}); export default () => 1;')).message).toBe('The chain waits for something that will never happen.');
  });
});

describe('what only one engine has', () => {
  it('disposes with using and await using in quickjs-wasi', async () => {
    expect(await guestValue(factories.get('quickjs-wasi')!, `export default async () => {
      const seen = [];
      { using a = { [Symbol.dispose]: () => seen.push("a") }; await using b = { [Symbol.asyncDispose]: async () => { await null; seen.push("b"); } }; seen.push("inside"); }
      try { using c = { [Symbol.dispose]: () => seen.push("c") }; throw new Error("x"); } catch (error) { seen.push(error.message); }
      return seen;
    };`)).toEqual(['inside', 'b', 'a', 'c', 'x']);
  });

  it('says in quickjs-emscripten that it has no using', async () => {
    expect(await guestError(factories.get('quickjs-emscripten')!, 'export default async () => {\n  await using a = {};\n};')).toMatchObject({ code: 'chain-syntax', message: 'The engine quickjs-emscripten does not know "using".', hint: expect.stringContaining('quickjs-wasi'), data: { stack: [{ module: 'main.js', line: 2 }] } });
  });

  it('tells of rejected promises that nobody handled in quickjs-wasi', async () => {
    const { console, result } = await runGuest(factories.get('quickjs-wasi')!, `export default async () => {
      const handled = Promise.reject(new Error("handled"));
      [1].forEach(async () => { throw new TypeError("lost"); });
      await null;
      await handled.catch(() => {});
      return 1;
    };`);
    expect(result?.value).toBe(1);
    expect(console).toEqual([expect.stringMatching(/^warn: A rejected promise was not handled: TypeError: lost\n    at .*main\.js:3:/)]);
  });
});
