import { readFileSync } from 'node:fs';
import { QuickJS } from 'quickjs-wasi';
import { describe, expect, it } from 'vitest';
import { withQuickNumbers } from '../../../src/sandbox/quick-numbers.ts';

const quickjs = new Uint8Array(readFileSync(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)));

let seed = 20_261_123;
const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
const upTo = (most: number) => Math.floor(random() * most);
const bitsOf = (numbers: readonly number[]) => [...new Uint32Array(new Float64Array(numbers).buffer)];

/** The double that lies so many units above. */
function beside(value: number, units: number): number {
  const bits = new BigUint64Array(new Float64Array([value]).buffer);
  bits[0]! += BigInt(units);
  return new Float64Array(bits.buffer)[0]!;
}

/** Of every size, short and long, at powers of ten and of two, where units change, and at both ends of what has the short way. */
const numbers = Array.from({ length: 2000 }, (_, i) => [
  i / 7, -i / 7, random(), Number((random() * 10 ** upTo(12)).toFixed(upTo(9))), random() * 10 ** (upTo(24) - 6),
  beside(10 ** (upTo(18) - 3), upTo(9) - 4), beside(2 ** (upTo(70) - 10), upTo(9) - 4), upTo(2 ** 53) / 2 ** upTo(56),
]).flat();

/** A whole number of 54 bits that lies right between two doubles, with a point in it, and with its last digit one more and one less. */
function halfWay(): readonly string[] {
  const behind = 1 + upTo(2);
  const half = ((1n << 53n) + BigInt(upTo(2 ** 50)) * 2n + 1n) * 5n ** BigInt(behind);
  return [half - 1n, half, half + 1n].map(String).map((text) => `${text.slice(0, -behind)}.${text.slice(-behind)}`);
}

const withPoint = () => {
  const digits = Array.from({ length: 2 + upTo(21) }, () => 1 + upTo(9)).join('');
  const at = 1 + upTo(digits.length - 1);
  return `${digits.slice(0, at)}.${digits.slice(at)}`;
};
const texts = [...Array.from({ length: 2000 }, () => [withPoint(), `-${withPoint()}`, `0.000${withPoint().replace('.', '')}`, ...halfWay()]).flat(), '0.0', '-0.0', '1.0', '2.50', '9007199254740993.0', '1.5e3', '0.1E-7'];

async function outcome(wasm: WebAssembly.Module) {
  const vm = await QuickJS.create({ wasm });
  const evaluated = (code: string): unknown => {
    using result = vm.evalCode(`JSON.stringify((() => { ${code} })())`);
    return JSON.parse(result.toString());
  };
  const bits = 'const bits = (l) => [...new Uint32Array(new Float64Array(l).buffer)];';
  const result = {
    written: evaluated(`return [...new Float64Array(new Uint32Array([${bitsOf(numbers).join()}]).buffer)].map(String)`),
    read: evaluated(`${bits} return bits(${JSON.stringify(texts)}.map(Number))`),
    parsed: evaluated(`${bits} return bits(JSON.parse("[" + ${JSON.stringify(texts)}.join(" ,") + "]"))`),
    odd: evaluated('return ["1.5x", "1.5.2", "1._5", "1.5_0", ".5", "5.", "01.5", " 1.5 ", "+1.5", "--1.5", "1.5n", "0x1.8", "1.5e", "-", "", "."].map((t) => [String(Number(t)), String(parseFloat(t)), (() => { try { return JSON.parse(t); } catch (e) { return e.name; } })()])'),
  };
  vm.dispose();
  return result;
}

describe('the engine with short ways for numbers', () => {
  it('reads and writes them as V8 does, to the last bit', async () => {
    const ours = await outcome(await WebAssembly.compile(withQuickNumbers(quickjs)));
    expect(ours.written).toEqual(numbers.map(String));
    expect(ours.read).toEqual(bitsOf(texts.map(Number)));
    expect(ours.parsed).toEqual(bitsOf(texts.map(Number)));
  });

  it('says the same as before of what is no number, or has more than digits and a point', async () => {
    const [ours, theirs] = [await outcome(await WebAssembly.compile(withQuickNumbers(quickjs))), await outcome(await WebAssembly.compile(quickjs))];
    expect(ours.odd).toEqual(theirs.odd);
  });

  it('is not made of another one', () => {
    const other = Buffer.from(quickjs);
    // Where the function begins that JSON.parse calls.
    const at = other.indexOf(Buffer.from('02017f017c230041f0006b220224', 'hex'));
    expect(at).toBeGreaterThan(0);
    other[at + 6]! ^= 1;
    expect(() => withQuickNumbers(new Uint8Array(other))).toThrow('is not the one that is known');
  });
});
