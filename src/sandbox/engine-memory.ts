/** What an engine that counts its pages by itself calls their number. */
export const pageCountName = 'memory_pages';

/** Memory that has grown beyond this goes back to the system: an idle thread would hold on to it. */
export const keptBytes = 24 * 1_048_576;

/** A memory that has grown by no more than this is soon looked at: sooner than programs would touch it anew, or a host be woken twice. */
export const littleGrowthBytes = 1_048_576;

const wasmPageBytes = 65_536;

/** The memory of an engine. Its size is what the engine takes it to be: an engine that counts its pages by itself may have had more of it once, which holds nothing then. */
export class EngineMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #pages: WebAssembly.Global | undefined;

  /** `pages` of an engine that counts them by itself. */
  constructor(memory: WebAssembly.Memory, pages?: WebAssembly.Global) {
    this.#memory = memory;
    this.#pages = pages;
  }

  /** Of the engine that exports these. */
  static of(exports: { readonly memory: WebAssembly.Memory; readonly [pageCountName]?: unknown }): EngineMemory {
    const pages = exports[pageCountName];
    return new EngineMemory(exports.memory, pages instanceof WebAssembly.Global ? pages : undefined);
  }

  /** All that was ever had of it. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Bytes. */
  get size(): number {
    return this.#pages === undefined ? this.#memory.buffer.byteLength : Number(this.#pages.value) * wasmPageBytes;
  }

  /** Gives it another size. `false` where that cannot be: WebAssembly memory never shrinks. What is beyond a smaller size must hold nothing. */
  resize(bytes: number): boolean {
    const more = (bytes - this.#memory.buffer.byteLength) / wasmPageBytes;
    if (more > 0) this.#memory.grow(more);
    if (this.#pages !== undefined) this.#pages.value = bytes / wasmPageBytes;
    return this.size === bytes;
  }
}
