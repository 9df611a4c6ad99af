import { decimalReading } from './decimal-reading.ts';
import { decimalWriting } from './decimal-writing.ts';
import { bytesOf, call, f64, get, getGlobal, i32, i64, leave, set, setGlobal, tee, when } from './wasm-code.ts';
import { nextFunction, withBodies, withFunction } from './wasm-functions.ts';

const stackPointer = 0;
const textRoom = 32;
/** How numbers are kept as values: with this taken from their bits. */
const valueOffset = 0x7ff8_000an << 32n;

interface Known {
  readonly number: number;
  /** Its locals, and how it goes on. */
  readonly begins: string;
  readonly localsLength: number;
  /** What is done first, with the numbers of the two functions that are added. */
  readonly ahead: (read: number, write: number) => string;
}

/** `js_atof(context, text, end, radix, flags)`, as `Number(text)` calls it: of any radix, with 4 as flags. It takes local 25 to be 0. */
const numberOfText: Known = {
  number: 330,
  begins: '02147f037e230041b0026b220d24',
  localsLength: 5,
  ahead: (read) => when(
    i32.and(i32.isZero(get(3)), i32.equal(get(4), i32.of(4))),
    when(i32.isZero(i64.isZero(tee(25, call(read, get(1), get(2))))), leave(i64.subtract(get(25), i64.of(valueOffset)))),
  ),
};

/** `js_dtoa2(context, number, radix, digits, flags)`, as `String(number)` and `JSON.stringify` call it; the text is made by `js_new_string8_len(context, text, length)`. */
const newText = 342;
const textOfNumber: Known = {
  number: 345,
  begins: '02107f057e230041c0036b220724',
  localsLength: 5,
  ahead: (_read, write) => when(
    i32.and(i32.equal(get(2), i32.of(10)), i32.isZero(get(4))),
    [
      set(7, getGlobal(stackPointer)),
      when(set(5, call(write, get(7), get(1))) + get(5), [
        setGlobal(stackPointer, i32.subtract(get(7), i32.of(textRoom))),
        set(21, call(newText, get(0), get(5), i32.subtract(get(7), get(5)))),
        setGlobal(stackPointer, get(7)),
        leave(get(21)),
      ].join('')),
    ].join(''),
  ),
};

/** `strtod(text, end)`, which only `JSON.parse` calls. */
const numberOfJson: Known = {
  number: 945,
  begins: '02017f017c230041f0006b220224',
  localsLength: 5,
  ahead: (read) => when(f64.differs(tee(3, f64.ofBits(call(read, get(0), get(1)))), f64.of(0)), leave(get(3))),
};

const known = [numberOfText, textOfNumber, numberOfJson];

/**
 * The same engine with a short way for the numbers that texts mostly hold: up to 19 digits with a point among them. The engine reads and writes each of them in arithmetic of many digits, several times over for
 * one that is written, and JSON.parse with the 128 bits of the C library. Only for quickjs-wasi 3.6.2.
 */
export function withQuickNumbers(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const read = nextFunction(wasm);
  const changed = withBodies(wasm, known.map(({ number }) => number), (body, number) => {
    const one = known.find((each) => each.number === number)!;
    if (body.indexOf(bytesOf(one.begins)) !== 0) throw new Error('The WASM binary is not the one that is known.');
    return Buffer.concat([body.subarray(0, one.localsLength), bytesOf(one.ahead(read, read + 1)), body.subarray(one.localsLength)]);
  });
  return withFunction(withFunction(changed, decimalReading), decimalWriting);
}
