import type { AddedFunction } from './wasm-functions.ts';
import { bytesOf, end, f64, get, i32, i64, leave, repeatWhile, select, set, tee, when } from './wasm-code.ts';

/** Numbers of locals, the first two of them arguments. */
const [at, endPlace, digit, negative, start, point, digits, power, bits, shift, rest, value] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const locals = '03047f057e017c';

const ascii = (character: string) => i32.of(character.charCodeAt(0));
const notHere = leave(i64.of(0n));
const mantissa = (1n << 52n) - 1n;

const takeDigits = (more = '') => repeatWhile(i32.below(tee(digit, i32.subtract(i32.load8(get(at)), ascii('0'))), i32.of(10)), [
  set(digits, i64.add(i64.multiply(get(digits), i64.of(10n)), i64.widen(get(digit)))),
  more,
  set(at, i32.add(get(at), i32.of(1))),
].join(''));

/** Behind a number that is more than digits and a point. */
const goesOn = i32.or(
  i32.below(i32.subtract(i32.or(i32.load8(get(at)), i32.of(0x20)), ascii('a')), i32.of(26)),
  i32.or(i32.equal(i32.load8(get(at)), ascii('_')), i32.equal(i32.load8(get(at)), ascii('.'))),
);

/** More than half of a unit is left over: the double beside it is nearer. */
const twice = i64.left(get(rest), i64.of(1n));
const nearer = when(
  i64.more(twice, get(power)),
  set(bits, i64.add(get(bits), i64.of(1n))) + set(rest, i64.subtract(get(rest), get(power))),
  when(
    i64.less(twice, minus(get(power))),
    set(bits, i64.subtract(get(bits), i64.of(1n))) + set(rest, i64.add(get(rest), get(power))),
  ),
);
const stillAsFar = i32.isZero(i32.and(i64.less(twice, get(power)), i64.more(twice, minus(get(power)))));

const settled = [
  // Its unit is less than 2, and those beside it have the same.
  set(shift, i64.subtract(i64.of(1075n), i64.right(get(bits), i64.of(52n)))),
  when(i32.or(i64.less(get(shift), i64.of(0n)), i64.below(i64.and(i64.add(get(bits), i64.of(1n)), i64.of(mantissa)), i64.of(3n))), notHere),
  set(rest, i64.subtract(
    select(i64.left(get(digits), get(shift)), i64.of(0n), i64.below(get(shift), i64.of(64n))),
    i64.multiply(i64.or(i64.and(get(bits), i64.of(mantissa)), i64.of(mantissa + 1n)), get(power)),
  )),
  nearer,
  when(stillAsFar, notHere),
].join('');

/**
 * `read(at, end)`: the bits of the double that is nearest to the decimal number in the text at `at`, and where the number ends stored at `end`, unless that is 0. It is 0 for what is left to the
 * engine: whatever is not digits, a point and digits, 19 in all at most, or is a whole number.
 *
 * The digits as a whole number are divided by a power of ten, which is exact. Up to 2^53 the digits are as well, and so the quotient is the nearest double. Beyond that it is two units off at
 * most, and `digits * 2^shift - mantissa * power` says which is nearest: that is less than 2^63, and so right although the products are taken modulo 2^64. What lies right between two doubles,
 * or beside a power of two, where the unit changes, is left to the engine.
 */
export const decimalReading: AddedFunction = {
  type: bytesOf('60027f7f017e'),
  body: bytesOf([
    locals,
    set(negative, i32.equal(i32.load8(get(at)), ascii('-'))),
    set(start, tee(at, i32.add(get(at), get(negative)))),
    takeDigits(),
    set(point, get(at)),
    when(i32.isZero(i32.and(i32.differs(get(at), get(start)), i32.equal(i32.load8(get(at)), ascii('.')))), notHere),
    // Zeros ahead are octal now and then.
    when(i32.and(i32.equal(i32.load8(get(start)), ascii('0')), i32.differs(i32.add(get(start), i32.of(1)), get(point))), notHere),
    set(at, i32.add(get(at), i32.of(1))),
    set(power, i64.of(1n)),
    takeDigits(set(power, i64.multiply(get(power), i64.of(10n)))),
    // The point counts as well.
    when(i32.or(i32.above(i32.subtract(get(at), get(start)), i32.of(20)), goesOn), notHere),
    set(value, f64.divide(f64.convert(get(digits)), f64.convert(get(power)))),
    when(f64.equal(f64.trunc(get(value)), get(value)), notHere),
    set(bits, f64.bits(get(value))),
    when(i64.above(get(digits), i64.of(1n << 53n)), settled),
    when(get(endPlace), i32.store(get(endPlace), get(at))),
    i64.or(get(bits), i64.left(i64.widen(get(negative)), i64.of(63n))),
    end,
  ].join('')),
};

function minus(value: string): string {
  return i64.subtract(i64.of(0n), value);
}
