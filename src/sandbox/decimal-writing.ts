import type { AddedFunction } from './wasm-functions.ts';
import { bytesOf, end, f64, get, i32, i64, leave, repeat, repeatWhile, select, set, tee, when } from './wasm-code.ts';

/** Numbers of locals, the first two of them arguments. */
const [at, value, negative, places, digits, power, bits, shift, rest, last, scale] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const locals = '03027f067e017c';

const ascii = (character: string) => i32.of(character.charCodeAt(0));
const notHere = leave(i32.of(0));
const mantissa = (1n << 52n) - 1n;
const one = i64.of(1n);
const ten = i64.of(10n);
const half = i64.left(one, i64.subtract(get(shift), one));
const lastDigit = i64.subtract(get(digits), i64.multiply(i64.divide(get(digits), ten), ten));
const fewer = (count: number) => set(places, i32.subtract(get(places), i32.of(count)));

/** 15 digits that are read as this number are the only ones, and the product with a power of ten is less than a quarter off. */
const shorten = repeatWhile(i64.isZero(lastDigit), set(digits, i64.divide(get(digits), ten)) + fewer(1));

/** The nearest number of 17 digits, and what it is too much by: `digits * 2^shift - mantissa * power`, which is less than 2^62, so that it may be computed modulo 2^64. */
const seventeen = [
  set(scale, f64.multiply(get(scale), f64.of(100))),
  set(places, i32.add(get(places), i32.of(2))),
  set(power, i64.truncate(get(scale))),
  set(bits, f64.bits(get(value))),
  when(i64.isZero(i64.and(get(bits), i64.of(mantissa))), notHere),
  set(shift, i64.subtract(i64.of(1075n), i64.right(get(bits), i64.of(52n)))),
  set(digits, i64.truncate(f64.multiply(get(value), get(scale)))),
  set(rest, i64.subtract(i64.left(get(digits), get(shift)), i64.multiply(i64.or(i64.and(get(bits), i64.of(mantissa)), i64.of(mantissa + 1n)), get(power)))),
  set(last, i64.rightSigned(i64.add(get(rest), half), get(shift))),
  set(digits, i64.subtract(get(digits), get(last))),
  set(rest, i64.subtract(get(rest), i64.left(get(last), get(shift)))),
  when(i64.equal(get(rest), i64.subtract(i64.of(0n), half)), notHere),
  when(i64.above(i64.subtract(get(digits), i64.of(10n ** 16n)), i64.of(9n * 10n ** 16n - 1n)), notHere),
].join('');

/** The nearest of 16 digits, where that is read as this number too. `last` is what it is more by. */
const roundsUp = i32.or(i64.above(get(last), i64.of(5n)), i32.and(i64.equal(get(last), i64.of(5n)), i64.less(get(rest), i64.of(0n))));
const sixteen = [
  set(last, lastDigit),
  when(i32.and(i64.equal(get(last), i64.of(5n)), i64.isZero(get(rest))), notHere),
  set(last, i64.subtract(select(ten, i64.of(0n), roundsUp), get(last))),
  set(rest, i64.left(i64.add(get(rest), i64.left(get(last), get(shift))), one)),
  set(rest, select(i64.subtract(i64.of(0n), get(rest)), get(rest), i64.less(get(rest), i64.of(0n)))),
  when(i64.equal(get(rest), get(power)), notHere),
  when(i64.less(get(rest), get(power)), set(digits, i64.divide(i64.add(get(digits), get(last)), ten)) + fewer(1)),
].join('');

const back = (character: string) => i32.store8(tee(at, i32.subtract(get(at), i32.of(1))), character);
const backDigit = back(i32.add(i32.wrap(lastDigit), ascii('0'))) + set(digits, i64.divide(get(digits), ten));

/**
 * `write(end, value)`: writes the digits of a number as `String` gives them so that they end before `end`, and returns where they begin. It is 0 for what is left to the engine: numbers of less
 * than 0.02, of 10^15 or more, whole ones, powers of two, and what lies right between two numbers of fewer digits. Needs 32 bytes.
 *
 * The shortest decimal number that is read as this one, and of those the nearest: of 15 digits, if there is one; else of 16; else of 17, which always is.
 */
export const decimalWriting: AddedFunction = {
  type: bytesOf('60027f7c017f'),
  body: bytesOf([
    locals,
    set(negative, f64.less(get(value), f64.of(0))),
    set(value, f64.absolute(get(value))),
    when(i32.isZero(i32.and(f64.atLeast(get(value), f64.of(0.02)), f64.less(get(value), f64.of(1e15)))), notHere),
    when(f64.equal(f64.trunc(get(value)), get(value)), notHere),
    set(scale, f64.of(1)),
    repeatWhile(f64.less(f64.multiply(get(value), get(scale)), f64.of(1e14)), set(scale, f64.multiply(get(scale), f64.of(10))) + set(places, i32.add(get(places), i32.of(1)))),
    set(digits, i64.truncate(f64.nearest(f64.multiply(get(value), get(scale))))),
    when(f64.equal(f64.divide(f64.convert(get(digits)), get(scale)), get(value)), shorten, seventeen + sixteen),
    repeat(backDigit + fewer(1), get(places)),
    back(ascii('.')),
    repeat(backDigit, i32.isZero(i64.isZero(get(digits)))),
    when(get(negative), back(ascii('-'))),
    get(at),
    end,
  ].join('')),
};
