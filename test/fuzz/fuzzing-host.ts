import { AssassinError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import type { SandboxHost } from '../../src/sandbox/sandbox.ts';

/** What a host function must not return, and some do. */
const oddValues: readonly (() => unknown)[] = [
  () => undefined, () => NaN, () => -0, () => 1n, () => Symbol('s'), () => () => 1, () => new Map([[1, 2]]), () => new Date(Number.NaN), () => new Uint8Array(9),
  () => { const o: Record<string, unknown> = {}; o['o'] = o; return o; },
  () => ({ toJSON() { throw new Error('toJSON'); } }),
  () => ({ get x() { throw new Error('getter'); } }),
  () => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"then":1}'),
  () => '\ud800\u0000\u2028', () => 'x'.repeat(100_000), () => new Proxy({}, { ownKeys() { throw new Error('trap'); } }),
];

/** What a host function must not throw, and some do. */
const oddFailures: readonly (() => unknown)[] = [
  () => undefined, () => null, () => 'text', () => 1n, () => Symbol('s'), () => ({ code: 'denied', message: { toString() { throw new Error('toString'); } } }), () => new Proxy({}, { get() { throw new Error('trap'); } }),
  () => new AssassinError('denied', '\ud800 "],[1,1'), () => Object.assign(new Error('x'.repeat(50_000)), { stack: 1 }), () => Object.create(null),
];

/** Answers the guest's half of the fuzzer, and looks at what comes from it. */
export class FuzzingHost implements SandboxHost {
  readonly problems: string[] = [];
  calls = 0;
  underWay = 0;
  readonly #below: (n: number) => number;
  readonly #onCall: (count: number) => void;

  constructor(below: (n: number) => number, onCall: (count: number) => void) {
    this.#below = below;
    this.#onCall = onCall;
  }

  async call(name: string, args: Json, signal: AbortSignal): Promise<Json> {
    this.calls += 1;
    if (typeof name !== 'string') this.problems.push(`a name of type ${typeof name}`);
    if (signal.aborted) this.problems.push('a call after the end');
    this.#look(args, 0);
    this.#onCall(this.calls);
    this.underWay += 1;
    try {
      return await this.#answer(name, args, signal);
    } finally {
      this.underWay -= 1;
    }
  }

  async #answer(name: string, args: Json, signal: AbortSignal): Promise<Json> {
    switch (name) {
      case 'echo': return args;
      case 'nothing': return null;
      case 'large': return 'y'.repeat(this.#below(20_000));
      case 'late':
        await new Promise((later) => setTimeout(later, this.#below(5)));
        return args;
      case 'hang':
        await new Promise((ended) => signal.addEventListener('abort', ended, { once: true }));
        // Later than its run is over: nobody may hear it.
        await new Promise((later) => setTimeout(later, this.#below(20)));
        return 'too late';
      case 'fail': throw new AssassinError('tool-failed', 'It failed.', { hint: 'Try another.' });
      case 'odd-failure': throw oddFailures[this.#below(oddFailures.length)]!();
      case 'odd-value': return oddValues[this.#below(oddValues.length)]!() as Json;
      default: throw new AssassinError('tool-not-found', `There is no tool ${name.slice(0, 100)}.`);
    }
  }

  console(level: string, text: string): void {
    if (typeof level !== 'string' || typeof text !== 'string') this.problems.push('a line that is no text');
  }

  /** Plain JSON of the host's own making, and nothing else. */
  #look(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) {
      if (!['string', 'number', 'boolean', 'object'].includes(typeof value)) this.problems.push(`an argument of type ${typeof value}`);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== (Array.isArray(value) ? Array.prototype : Object.prototype)) this.problems.push('an argument with a prototype of its own');
    if (depth < 300) for (const item of Object.values(value)) this.#look(item, depth + 1);
  }
}
