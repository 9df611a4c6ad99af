/**
 * The guest's half of the fuzzer. It makes calls with whatever a program can make up, and checks what comes back: each promise settles once, values
 * and errors are the guest's own, an echo is what was said. It takes its tools first: later rounds spoil the built-ins while calls are under way.
 */
export const fuzzingProgram = String.raw`
import { call } from 'assassin';
const { apply, getPrototypeOf, ownKeys } = Reflect;
const { create, defineProperty, prototype: objectPrototype } = Object;
const { isArray, prototype: arrayPrototype } = Array;
const { stringify } = JSON;
const { floor } = Math;
const { then } = Promise.prototype;
const errorPrototypes = [Error.prototype, TypeError.prototype, RangeError.prototype, SyntaxError.prototype];
const { includes } = arrayPrototype;

function randomNumbers(seed) {
  let state = seed | 0;
  const next = () => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math_imul(state ^ state >>> 15, 1 | state);
    t = t + Math_imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
  return (n) => floor(next() * n);
}
const Math_imul = Math.imul;

export default async function fuzz({ seed, calls, spoil, leave }) {
  const below = randomNumbers(seed);
  const pick = (list) => list[below(list.length)];
  let stable = true;

  // What the host function is called through where the engine calls it: as a getter, a trap, a toJSON.
  let sideCalls = 0;
  const aside = (...all) => { sideCalls++; return apply(call, undefined, all); };
  const letters = ['', 'a', 'ü€😀', '\ud800', 'x\udfffy', '\u0000\u001f', '\u2028\u2029', '"\\],[1,1', '__proto__', 'constructor', 'then', 'toJSON', '$handle', '-0', '1e400'];
  const text = () => (below(40) === 0 ? pick(letters).repeat(below(3000)) : pick(letters) + pick(letters));
  const unstable = (value) => { stable = false; return value; };
  const trap = () => pick([() => { throw new Error('trap'); }, () => undefined, () => null, () => 1, () => ({}), () => [], () => aside]);
  const leaves = [
    () => below(1000), () => -0, () => NaN, () => Infinity, () => 1e308 * below(3), () => below(2) === 0, () => null, () => undefined, text, text, text,
    () => BigInt(below(9)), () => Symbol(text()), () => Symbol.iterator, () => () => 1, () => class { static x = 1; }, () => aside, () => new Date(below(2) ? 0 : NaN), () => /x/g,
    () => new Error(text()), () => new Uint8Array(below(20)), () => new Float64Array([1.5, NaN]), () => new ArrayBuffer(8), () => new DataView(new ArrayBuffer(2)), () => new Map([[1, 2]]),
    () => new Set([1]), () => new WeakMap(), () => Promise.resolve(1), () => Object(1n), () => Object('s'), () => Object(Symbol()), () => [, 1, , 2], () => globalThis.JSON, () => new Array(below(50)),
  ];
  const branches = [
    (depth) => Array.from({ length: below(5) }, () => value(depth)),
    (depth) => { const o = below(2) ? {} : create(null); for (let i = below(5); i > 0; i--) defineProperty(o, text(), { value: value(depth), enumerable: true, configurable: true, writable: true }); return o; },
    (depth) => { const o = { a: value(depth) }; o.self = below(2) ? o : [o]; return o; },
    (depth) => unstable({ get x() { return below(3) === 0 ? (() => { throw new Error('getter'); })() : value(depth); } }),
    (depth) => unstable({ toJSON() { return below(3) === 0 ? (() => { throw new Error('toJSON'); })() : value(depth); } }),
    (depth) => ({ then: pick([(r) => r(1), (r, j) => j(2), () => { throw 3; }, 4, value(depth)]) }),
    (depth) => unstable(new Proxy(pick([{}, [], () => 1]), { get: trap(), ownKeys: trap(), getOwnPropertyDescriptor: trap(), has: trap(), getPrototypeOf: trap() })),
    (depth) => unstable(new Proxy(Object(value(depth)), {})),
    () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return unstable(proxy); },
    (depth) => { let o = value(depth); for (let i = below(200); i > 0; i--) o = below(2) ? [o] : { o }; return o; },
    (depth) => { class C { x = value(depth); } return new C(); },
    (depth) => unstable({ get x() { aside('echo', 1); return 1; } }),
  ];
  const value = (depth) => (depth <= 0 || below(3) > 0 ? pick(leaves)() : pick(branches)(depth - 1));
  const names = ['echo', 'echo', 'echo', 'echo', 'late', 'fail', 'odd-failure', 'odd-value', 'large', 'nothing'];
  const oddNames = [() => text(), () => 1, () => null, () => undefined, () => Symbol('s'), () => ({ toString: () => 'echo' }), () => new String('echo'), () => aside, () => new Proxy({}, {})];

  const spoils = [
    () => { JSON.parse = () => 'spoiled'; JSON.stringify = () => 'spoiled'; },
    () => { arrayPrototype.push = arrayPrototype.shift = arrayPrototype.map = () => { throw new Error('array'); }; },
    () => { Map.prototype.get = Map.prototype.set = WeakMap.prototype.get = WeakMap.prototype.set = () => { throw new Error('map'); }; },
    () => { for (const k of ['id', 'name', 'json', 'error', 'resolve', 'reject', 'code', 'hint', 'message']) defineProperty(objectPrototype, k, { __proto__: null, get() { throw new Error('get'); }, set() { throw new Error('set'); }, configurable: true }); },
    () => { for (const k of ['0', '1', '2']) defineProperty(objectPrototype, k, { __proto__: null, get() { return call; }, set() {}, configurable: true }); },
    () => { arrayPrototype[Symbol.iterator] = function* () { yield 'spoiled'; }; },
    () => { Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('call'); }; },
    () => { String.prototype.slice = String.prototype.replace = String.prototype.charCodeAt = () => { throw new Error('text'); }; },
    () => { Promise.prototype.then = Promise.prototype.catch = () => { throw new Error('then'); }; },
    () => { globalThis.Error = globalThis.Promise = globalThis.Object = globalThis.JSON = globalThis.Reflect = undefined; },
    () => { Object.freeze?.(objectPrototype); Object.freeze?.(Error.prototype); },
    () => { stable = false; objectPrototype.toJSON = () => 'spoiled'; },
  ];

  const problems = [];
  let problemCount = 0;
  const problem = (what) => { if (problemCount < 5) defineProperty(problems, problemCount, { __proto__: null, value: '' + what, enumerable: true }); problemCount++; };
  const own = (thing, depth) => {
    if (typeof thing === 'function' || typeof thing === 'symbol' || typeof thing === 'bigint') return problem('a foreign ' + typeof thing);
    if (typeof thing !== 'object' || thing === null || depth > 300) return;
    const prototype = getPrototypeOf(thing);
    if (prototype !== (isArray(thing) ? arrayPrototype : objectPrototype)) problem('a foreign object');
    const keys = ownKeys(thing);
    for (let i = 0; i < keys.length && i < 100; i++) own(thing[keys[i]], depth + 1);
  };
  const ownError = (error) => {
    if (typeof error !== 'object' || error === null || !apply(includes, errorPrototypes, [getPrototypeOf(error)])) return problem('a foreign error');
    if (typeof error.stack !== 'string' || typeof error.message !== 'string') problem('an error whose parts are no text');
  };

  const settled = create(null);
  const count = { __proto__: null, attempted: 0, made: 0, refused: 0, settled: 0, values: 0, errors: 0 };
  for (let spoilt = false; count.attempted < calls;) {
    const open = { __proto__: null, left: 0, all: undefined, done: undefined };
    for (let i = below(90); i >= 0 && count.attempted < calls; i--) {
      stable = !spoilt;
      let name = pick(names), argument = null, said;
      // Spoilt, the world may not let a value be made.
      try {
        if (below(12) === 0) name = pick(oddNames)();
        argument = value(4);
      } catch { stable = false; }
      if (stable) { try { said = stringify(argument); } catch { stable = false; } }
      const id = count.attempted++;
      let promise;
      try {
        promise = call(name, argument);
      } catch (error) {
        count.refused++;
        continue;
      }
      if (getPrototypeOf(promise) !== Promise_prototype) problem('a foreign promise');
      count.made++;
      settled[id] = 0;
      open.left++;
      const once = () => {
        if (++settled[id] > 1) problem('call ' + id + ' settled again');
        count.settled++;
        if (--open.left === 0 && open.done !== undefined) open.done();
      };
      const echoed = stable && name === 'echo';
      apply(then, promise, [
        (answer) => { count.values++; own(answer, 0); if (echoed && stringify(answer) !== (said === undefined ? 'null' : said)) problem('an echo differs: ' + stringify(answer) + ' for ' + said); once(); },
        (error) => { count.errors++; ownError(error); once(); },
      ]);
    }
    if (leave !== 'finish' && below(4) === 0 && count.attempted > calls / 2) break;
    if (open.left > 0) await new RealPromise((resolve) => { open.done = resolve; });
    if (spoil && !spoilt && count.attempted > calls / 3) {
      spoilt = true;
      for (let i = below(4); i >= 0; i--) { try { pick(spoils)(); } catch {} }
    }
  }
  if (leave === 'throw') throw { get message() { throw 1; } };
  if (leave === 'loop') for (;;);
  if (leave === 'bomb') for (const l = [];;) defineProperty(l, l.length, { __proto__: null, value: new Uint8Array(1e6) });
  if (leave === 'hang') await new RealPromise(() => call('hang'));
  return { __proto__: null, toJSON: undefined, ...count, sideCalls, problems: { __proto__: null, toJSON: undefined, count: problemCount, first: problemCount > 0 ? problems[0] : '' } };
}
const RealPromise = Promise;
const Promise_prototype = Promise.prototype;
`;
