import { createHash } from 'node:crypto';
import { keptBytes, littleGrowthBytes, type EngineMemory } from './engine-memory.ts';

/** Small enough that a page which a program touched costs little to put back, large enough that comparing is one native call for many bytes. */
const pageBytes = 16_384;
const partBytes = 4096;
/** So many programs in a row may leave unused what one before them made the memory grow by: each of them is gone later by the time that it takes to look at that. */
const unusedAtMost = 3;
/** So much of what is empty is looked at in one go. */
const emptyBytes = 16 * pageBytes;
const zeros = Buffer.alloc(emptyBytes);
const zeroPage = zeros.subarray(0, pageBytes);

/** A stretch of the memory, and what it shall be. */
interface Stretch {
  readonly now: Buffer;
  readonly image: Buffer;
  /** The same in pieces, of one that had changed once. */
  parts?: readonly Stretch[];
}

export interface Restored {
  /** Size of the memory, all of which equals the image again; what has grown beyond the image holds nothing. */
  readonly bytes: number;
  /** How much of it the program had changed. */
  readonly changedBytes: number;
}

/** What makes another memory of the image. */
export interface MemoryDifference {
  /** Fingerprint of the image. */
  readonly image: string;
  /** Size of the memory. */
  readonly size: number;
  /** Numbers of the parts, of 4096 bytes each, that differ. */
  readonly pages: readonly number[];
  /** Their contents, one after the other, in memory that goes back to the system with them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The memory of an engine at one moment, to be put back after each program. What the engine keeps outside of its memory is one global,
 * the stack pointer; its other globals are constants, and nothing in it can change its table.
 */
export class MemoryImage {
  readonly #memory: EngineMemory;
  readonly #stackPointer: WebAssembly.Global;
  readonly #stackPointerThen: WebAssembly.Global['value'];
  readonly #size: number;
  /** One entry for a page; pages of zeros are one and the same. */
  readonly #pages: readonly Buffer[];
  readonly #fingerprint: string;
  /** The same in longer pieces, made once for each size: hundreds of views for each program would take as long as the comparison. */
  #stretches: readonly Stretch[];
  #buffer: ArrayBuffer;
  /** Programs since the last one that needed more than the image. */
  #unused = 0;

  constructor(memory: EngineMemory, stackPointer: WebAssembly.Global) {
    this.#memory = memory;
    this.#stackPointer = stackPointer;
    this.#stackPointerThen = stackPointer.value;
    this.#size = memory.size;
    this.#buffer = memory.buffer;
    const bytes = Buffer.from(this.#buffer, 0, this.#size);
    this.#pages = Array.from({ length: bytes.length / pageBytes }, (_, i) => {
      const page = bytes.subarray(i * pageBytes, (i + 1) * pageBytes);
      return page.equals(zeroPage) ? zeroPage : Buffer.from(page);
    });
    this.#stretches = [...stretchesOf(this.#buffer, this.#pages)];
    const hash = createHash('sha256').update(`${this.#size}`);
    this.#pages.forEach((page, i) => page === zeroPage || hash.update(`${i}`).update(page));
    this.#fingerprint = hash.digest('base64');
  }

  /** Makes the memory what it was, and looks at every byte of it. `undefined` where it has grown and cannot get its size back, or is larger than what is kept, or than what was needed lately. */
  restore(): Restored | undefined {
    const { buffer, size } = this.#memory;
    this.#unused = size > this.#size || buffer.byteLength <= this.#size + littleGrowthBytes ? 0 : this.#unused + 1;
    if (this.#unused > unusedAtMost || buffer.byteLength > Math.max(keptBytes, this.#size) || !this.#memory.resize(this.#size)) return undefined;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#stretches = [...stretchesOf(buffer, this.#pages)];
    }
    let changed = 0;
    for (const stretch of this.#stretches) {
      const { now, image } = stretch;
      if (now.equals(image)) continue;
      const putBack = restoreStretch(stretch);
      if (putBack === undefined) return undefined;
      changed += putBack;
    }
    this.#stackPointer.value = this.#stackPointerThen;
    return { bytes: buffer.byteLength, changedBytes: changed };
  }

  /** What the memory is now, as far as it is not the image. Only while no code of the engine is under way. */
  difference(): MemoryDifference {
    const memory = Buffer.from(this.#memory.buffer, 0, this.#memory.size);
    const pages: number[] = [];
    for (let at = 0; at < memory.length; at += pageBytes) {
      const image = this.#pages[at / pageBytes] ?? zeroPage;
      if (memory.subarray(at, at + pageBytes).equals(image)) continue;
      // In smaller pieces: what is moved is kept for as long as the guest waits.
      for (let inside = 0; inside < pageBytes; inside += partBytes) {
        if (!memory.subarray(at + inside, at + inside + partBytes).equals(image.subarray(inside, inside + partBytes))) pages.push((at + inside) / partBytes);
      }
    }
    const bytes = new Uint8Array(ownMemory(pages.length * partBytes));
    pages.forEach((page, i) => bytes.set(memory.subarray(page * partBytes, (page + 1) * partBytes), i * partBytes));
    return { image: this.#fingerprint, size: memory.length, pages, bytes };
  }

  /** Makes of the image what was there when the difference was taken. Nothing of it stays in `bytes`. */
  apply({ image, size, pages, bytes }: MemoryDifference): void {
    if (image !== this.#fingerprint) throw new Error('The guest comes from an engine that was made of other parts.');
    this.#memory.resize(size);
    const memory = new Uint8Array(this.#memory.buffer);
    pages.forEach((page, i) => memory.set(bytes.subarray(i * partBytes, (i + 1) * partBytes), page * partBytes));
    bytes.fill(0);
  }
}

/**
 * Memory of its own pages, as V8 has for buffers that may be resized. What the C library hands out comes from a heap of the thread that asks, which keeps
 * most of what is given back: hundreds of guests that moved from thread to thread left tens of mebibytes in each.
 */
function ownMemory(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes, { maxByteLength: bytes });
}

/** Pages that hold something one by one; what is empty in longer pieces, and so is what is beyond the image. */
function* stretchesOf(buffer: ArrayBuffer, pages: readonly Buffer[]): Generator<Stretch> {
  const memory = Buffer.from(buffer);
  const count = memory.length / pageBytes;
  const isEmpty = (i: number) => i < count && (pages[i] ?? zeroPage) === zeroPage;
  for (let i = 0; i < count;) {
    let end = i + 1;
    if (isEmpty(i)) while (isEmpty(end) && (end - i) * pageBytes < emptyBytes) end++;
    const now = memory.subarray(i * pageBytes, end * pageBytes);
    yield { now, image: isEmpty(i) ? zeros.subarray(0, now.length) : pages[i]! };
    i = end;
  }
}

/** Returns how many bytes were put back; `undefined` where they are not what was written. Comparing before writing leaves pages that nobody ever touched without memory of their own. */
function restoreStretch(stretch: Stretch): number | undefined {
  let changed = 0;
  for (const { now, image } of (stretch.parts ??= [...partsOf(stretch)])) {
    if (now.equals(image)) continue;
    now.set(image);
    if (!now.equals(image)) return undefined;
    changed += now.length;
  }
  return changed;
}

function* partsOf({ now, image }: Stretch): Generator<Stretch> {
  for (let at = 0; at < now.length; at += partBytes) yield { now: now.subarray(at, at + partBytes), image: image.subarray(at, at + partBytes) };
}
