import { isAscii } from 'node:buffer';
import { JSException, type JSValueHandle, type QuickJS } from 'quickjs-wasi';

/** Texts of so many characters, and no more, go the short way. */
const shortLength = 4096;
const wordBytes = 4;
const maxArguments = 4;

/**
 * The way across the boundary that every call of a guest's takes, several times. The library makes and frees a handle, a buffer and views for each value; here short plain
 * text and the arguments go through memory that is allocated once. What is long or not plain ASCII goes the library's way.
 */
export class Crossing {
  readonly #vm: QuickJS;
  readonly #exports: ReturnType<QuickJS['_getExports']>;
  readonly #words: number;
  readonly #text: number;
  #bytes = Buffer.alloc(0);

  constructor(vm: QuickJS) {
    this.#vm = vm;
    this.#exports = vm._getExports();
    this.#words = this.#exports.wasm_malloc(maxArguments * wordBytes);
    this.#text = this.#exports.wasm_malloc(shortLength);
    if (this.#words === 0 || this.#text === 0) throw new Error('wasm_malloc failed');
  }

  /** The guest's memory as it is now: the old view ends when it grows. */
  #memory(): Buffer {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = Buffer.from(buffer);
    return this.#bytes;
  }

  /** Calls a function of the guest's with values of up to four, given by their pointers, and lets go of what it returns. Throws a `JSException` for what it throws. */
  call(callee: JSValueHandle, values: readonly number[]): void {
    const vm = this.#vm;
    const memory = this.#memory();
    for (let i = 0; i < values.length; i++) memory.writeUInt32LE(values[i]!, this.#words + i * wordBytes);
    const result = this.#exports.qjs_call(callee.ptr, vm.undefined.ptr, values.length, this.#words);
    const failed = this.#exports.qjs_is_exception(result) !== 0;
    this.#exports.qjs_free_value(result);
    if (failed) throw new JSException(vm.getException());
  }

  /** A pointer to a new string of the guest's, to be let go with `free`; 0 where the library must make it. */
  shortString(text: string): number {
    if (text.length > shortLength || Buffer.byteLength(text) !== text.length) return 0;
    this.#memory().write(text, this.#text, 'latin1');
    return this.#exports.qjs_new_string(this.#text, text.length);
  }

  number(value: number): number {
    return this.#exports.qjs_new_number(value);
  }

  isString(value: number): boolean {
    return this.#exports.qjs_is_string(value) !== 0;
  }

  free(value: number): void {
    this.#exports.qjs_free_value(value);
  }

  /** Only strings are read: converting anything else would call the guest's own code. */
  textOf(handle: JSValueHandle | undefined): string {
    if (handle === undefined || !this.isString(handle.ptr)) return '';
    return this.#plainTextOf(handle.ptr) ?? handle.toString();
  }

  #plainTextOf(value: number): string | undefined {
    const { qjs_get_string_len: read, qjs_free_cstring: free } = this.#exports;
    const start = read(value, this.#words);
    if (start === 0) return undefined;
    const memory = this.#memory();
    const end = start + memory.readUInt32LE(this.#words);
    const text = isPlain(memory, start, end) ? memory.toString('latin1', start, end) : undefined;
    free(start);
    return text;
  }
}

/** So many bytes are looked at before a view of them could be made. */
const fewBytes = 128;

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > fewBytes) return isAscii(bytes.subarray(start, end));
  for (let i = start; i < end; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}
