/** Small enough that a page which a program touched costs little to put back, large enough that comparing is one native call for many bytes. */
const pageBytes = 16_384;
const zeros = Buffer.alloc(pageBytes);

export interface Restored {
  /** Size of the memory, all of which equals the image again. */
  readonly bytes: number;
  /** How much of it the program had changed. */
  readonly changedBytes: number;
}

/**
 * The memory of an engine at one moment, to be put back after each program. What the engine keeps outside of its memory is one global,
 * the stack pointer; its other globals are constants, and nothing in it can change its table.
 */
export class MemoryImage {
  readonly #memory: WebAssembly.Memory;
  readonly #stackPointer: WebAssembly.Global;
  readonly #stackPointerThen: WebAssembly.Global['value'];
  readonly #size: number;
  /** One entry for a page; pages of zeros are one and the same. */
  readonly #pages: readonly Buffer[];

  constructor(memory: WebAssembly.Memory, stackPointer: WebAssembly.Global) {
    this.#memory = memory;
    this.#stackPointer = stackPointer;
    this.#stackPointerThen = stackPointer.value;
    const bytes = Buffer.from(memory.buffer);
    this.#size = bytes.length;
    this.#pages = Array.from({ length: bytes.length / pageBytes }, (_, i) => {
      const page = bytes.subarray(i * pageBytes, (i + 1) * pageBytes);
      return page.equals(zeros) ? zeros : Buffer.from(page);
    });
  }

  /** Makes the memory what it was, and looks at every byte of it. `undefined` where it has grown: WebAssembly memory never shrinks. */
  restore(): Restored | undefined {
    if (this.#memory.buffer.byteLength !== this.#size) return undefined;
    const bytes = Buffer.from(this.#memory.buffer);
    let changed = 0;
    for (let i = 0; i < this.#pages.length; i++) {
      const image = this.#pages[i]!;
      const page = bytes.subarray(i * pageBytes, (i + 1) * pageBytes);
      // Comparing before writing leaves pages that nobody ever touched without memory of their own.
      if (page.equals(image)) continue;
      changed += pageBytes;
      image.copy(page);
      if (!page.equals(image)) return undefined;
    }
    this.#stackPointer.value = this.#stackPointerThen;
    return { bytes: this.#size, changedBytes: changed };
  }
}
