import { leb128Hex } from './wasm-sections.ts';

/** Instructions by their names, as hexadecimal digits; what an instruction takes comes first. */

const unary = (code: string) => (of: string) => `${of}${code}`;
const binary = (code: string) => (left: string, right: string) => `${left}${right}${code}`;

export const get = (local: number) => `20${leb128Hex(local)}`;
export const set = (local: number, value = '') => `${value}21${leb128Hex(local)}`;
export const tee = (local: number, value = '') => `${value}22${leb128Hex(local)}`;
export const getGlobal = (number: number) => `23${leb128Hex(number)}`;
export const setGlobal = (number: number, value: string) => `${value}24${leb128Hex(number)}`;
export const call = (index: number, ...values: readonly string[]) => `${values.join('')}10${leb128Hex(index)}`;
export const end = '0b';
export const leave = (value: string) => `${value}0f`;
export const when = (condition: string, then: string, otherwise = '') => `${condition}0440${then}${otherwise === '' ? '' : `05${otherwise}`}0b`;
/** Goes on as long as the condition holds. */
export const repeatWhile = (condition: string, body: string) => `0340${when(condition, `${body}0c01`)}0b`;
/** Ends once the condition no longer holds. */
export const repeat = (body: string, condition: string) => `0340${body}${condition}0d000b`;
export const select = (yes: string, no: string, condition: string) => `${yes}${no}${condition}1b`;

export const i32 = {
  of: (value: number) => `41${signedLeb128Hex(BigInt(value))}`,
  load8: (at: string) => `${at}2d0000`,
  store8: (at: string, value: string) => `${at}${value}3a0000`,
  store: (at: string, value: string) => `${at}${value}360200`,
  isZero: unary('45'), equal: binary('46'), differs: binary('47'), below: binary('49'), above: binary('4b'),
  add: binary('6a'), subtract: binary('6b'), and: binary('71'), or: binary('72'), wrap: unary('a7'),
};

/** `below`, `above`, `divide` and `right` take numbers as without a sign, the others as with one. */
export const i64 = {
  of: (value: bigint) => `42${signedLeb128Hex(value)}`,
  isZero: unary('50'), equal: binary('51'), less: binary('53'), below: binary('54'), more: binary('55'), above: binary('56'), 
  add: binary('7c'), subtract: binary('7d'), multiply: binary('7e'), divide: binary('80'), and: binary('83'), or: binary('84'), left: binary('86'), right: binary('88'), rightSigned: binary('87'),
  widen: unary('ad'), truncate: unary('b0'),
};

export const f64 = {
  of: (value: number) => `44${doubleHex(value)}`,
  equal: binary('61'), differs: binary('62'), less: binary('63'), atLeast: binary('66'),
  absolute: unary('99'), trunc: unary('9d'), nearest: unary('9e'), multiply: binary('a2'), divide: binary('a3'),
  convert: unary('ba'), ofBits: unary('bf'), bits: unary('bd'),
};

export function bytesOf(code: string): Buffer {
  return Buffer.from(code, 'hex');
}

function signedLeb128Hex(value: bigint): string {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -64n && rest < 64n) return Buffer.from([...bytes, low]).toString('hex');
    bytes.push(low | 0x80);
  }
}

function doubleHex(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('hex');
}
