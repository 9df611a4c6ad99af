import { nextFunction, withFunction } from './wasm-functions.ts';
import { contentOf, withSections } from './wasm-sections.ts';

const codeSection = 10;

/** `memory.copy` */
const copy = Buffer.from('fc0a0000', 'hex');
/** `(i32, i32, i32) -> ()` */
const copyType = Buffer.from('60037f7f7f00', 'hex');

/** `copy(to, from, length)`. What it writes was read before: the two may overlap. */
const quickCopy = Buffer.from([
  '01037e', // three numbers of 64 bits
  '200241104d0440', // up to 16 bytes
  '200241084f0440', // from 8 on: the first 8 and the last 8
  '20012900002103200120026a41086b290000210420002003370000200020026a41086b20043700000f0b',
  '200241044f0440', // from 4 on: the first 4 and the last 4
  '20013500002103200120026a41046b3500002104200020033e0000200020026a41046b20043e00000f0b',
  '20020440', // from 1 on: the first, the middle and the last
  '20013100002103200120026a41016b3100002104200120024101766a3100002105',
  '200020033c0000200020024101766a20053c0000200020026a41016b20043c00000b',
  '0f0b', // done
  '200020012002fc0a00000b', // more than that
].join(''), 'hex');

/**
 * The same binary with its copies of memory going through a function that copies a few bytes by itself. V8 leaves each copy to the C library, which takes longer than the few
 * bytes of a short text do. Only for a binary in which nothing else looks like a copy.
 */
export function withQuickCopies(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const call = callOf(nextFunction(wasm));
  const code = contentOf(wasm, codeSection);
  for (let at = code.indexOf(copy); at >= 0; at = code.indexOf(copy, at)) code.set(call, at);
  return withFunction(withSections(wasm, new Map([[codeSection, code]])), { type: copyType, body: quickCopy });
}

/** As long as what it takes the place of. */
function callOf(index: number): Buffer {
  return Buffer.from([0x10, (index & 0x7f) | 0x80, ((index >> 7) & 0x7f) | 0x80, index >> 14]);
}
