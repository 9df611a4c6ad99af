import { describe, expect, it } from 'vitest';
import { EngineMemory, keptBytes } from '../../../src/sandbox/engine-memory.ts';
import { MemoryImage } from '../../../src/sandbox/memory-image.ts';

const pages = 4;
const wasmPageBytes = 65_536;
const partBytes = 4096;
const newMemory = (count?: WebAssembly.Global) => {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 1024 });
  new Uint8Array(memory.buffer).set([1, 2, 3], 70_000);
  const stackPointer = new WebAssembly.Global({ value: 'i32', mutable: true }, 64);
  const engineMemory = new EngineMemory(memory, count);
  return { memory, engineMemory, stackPointer, image: new MemoryImage(engineMemory, stackPointer), bytes: () => new Uint8Array(memory.buffer) };
};

/** Of an engine that counts its pages by itself, which has it grow by so many. */
const newCounted = () => {
  const made = newMemory(new WebAssembly.Global({ value: 'i32', mutable: true }, pages));
  return { ...made, grow: (more: number) => expect(made.engineMemory.resize(made.engineMemory.size + more * wasmPageBytes)).toBe(true) };
};

describe('the image of a memory', () => {
  it('puts back what was changed, and says how much that was', () => {
    const { image, bytes, stackPointer } = newMemory();
    const before = Buffer.from(bytes());
    bytes().fill(7, 10, 20);
    bytes()[70_001] = 9;
    stackPointer.value = 8;
    expect(image.restore()).toEqual({ bytes: pages * 65_536, changedBytes: 2 * partBytes });
    expect(before.equals(bytes())).toBe(true);
    expect(stackPointer.value).toBe(64);
    expect(image.restore()?.changedBytes).toBe(0);
  });

  it('cannot put back a memory that has grown, where the engine does not count its pages', () => {
    const { image, memory } = newMemory();
    memory.grow(1);
    expect(image.restore()).toBeUndefined();
  });

  it('puts back one that has grown, where it counts them: its size, what it was, and nothing beyond', () => {
    const { image, engineMemory, bytes, grow, stackPointer } = newCounted();
    const before = Buffer.from(bytes());
    for (const more of [3, 1, 9]) {
      grow(more);
      bytes().fill(7, 10, 20);
      bytes().fill(8, pages * wasmPageBytes, engineMemory.size);
      // Where nothing was written, nothing has to be put back.
      bytes().fill(0, engineMemory.size - 16_384);
      stackPointer.value = 8;
      expect(image.restore()).toEqual({ bytes: engineMemory.buffer.byteLength, changedBytes: more * wasmPageBytes - 16_384 + partBytes });
      expect([engineMemory.size, stackPointer.value]).toEqual([pages * wasmPageBytes, 64]);
      expect(before.equals(bytes().subarray(0, before.length))).toBe(true);
      expect(bytes().subarray(before.length).every((byte) => byte === 0)).toBe(true);
    }
    expect(engineMemory.buffer.byteLength).toBe((pages + 9) * wasmPageBytes);
  });

  it('looks at what is beyond also after a program that did not grow', () => {
    const { image, bytes, grow } = newCounted();
    grow(2);
    image.restore();
    bytes()[(pages + 2) * wasmPageBytes - 1] = 1;
    expect(image.restore()).toEqual({ bytes: (pages + 2) * wasmPageBytes, changedBytes: partBytes });
    expect(bytes().at(-1)).toBe(0);
  });

  it('does not keep more than an idle thread may hold', () => {
    const { image, grow } = newCounted();
    grow(keptBytes / wasmPageBytes - pages);
    expect(image.restore()?.bytes).toBe(keptBytes);
    grow(keptBytes / wasmPageBytes - pages + 1);
    expect(image.restore()).toBeUndefined();
  });

  it('does not keep what one program needed and several behind it did not: each would pay for looking at it', () => {
    const { image, grow } = newCounted();
    const small = () => image.restore()?.bytes;
    for (const needed of [18, 17]) {
      grow(needed);
      expect([image.restore()?.bytes, small(), small(), small()]).toEqual(Array.from({ length: 4 }, () => (pages + 18) * wasmPageBytes));
    }
    expect(small()).toBeUndefined();
  });

  it('keeps a little that one program needed for good: looking at it is no more than touching it anew', () => {
    const { image, grow } = newCounted();
    grow(1_048_576 / wasmPageBytes);
    for (let i = 0; i < 10; i++) expect(image.restore()?.bytes).toBe(pages * wasmPageBytes + 1_048_576);
  });

  it('moves to a memory that has grown before, and leaves out what the engine no longer has', () => {
    const [one, other] = [newCounted(), newCounted()];
    one.grow(5);
    one.image.restore();
    one.grow(1);
    one.bytes()[pages * wasmPageBytes] = 7;
    other.grow(3);
    other.image.restore();
    const moved = one.image.difference();
    expect(moved).toMatchObject({ size: (pages + 1) * wasmPageBytes, pages: [pages * 16] });
    other.image.apply(moved);
    expect([other.engineMemory.size, other.bytes()[pages * wasmPageBytes], other.engineMemory.buffer.byteLength]).toEqual([(pages + 1) * wasmPageBytes, 7, (pages + 3) * wasmPageBytes]);
  });

  it('moves what differs to another memory of the same image, and leaves nothing of it on the way', () => {
    const [one, other] = [newMemory(), newMemory()];
    one.bytes().fill(7, 5000, 5010);
    one.memory.grow(1);
    one.bytes().fill(8, pages * 65_536, pages * 65_536 + 10);
    const then = Buffer.from(one.bytes());
    const moved = one.image.difference();
    expect(moved.pages).toEqual([1, pages * 16]);
    other.image.apply(moved);
    expect(then.equals(other.bytes())).toBe(true);
    expect(Buffer.from(moved.bytes).equals(Buffer.alloc(2 * 4096))).toBe(true);
  });

  it('holds what is moved in memory of its own pages, which is handed over and not copied', () => {
    const { image, bytes } = newMemory();
    bytes()[5000] = 7;
    const { bytes: moved } = image.difference();
    expect(moved.buffer.resizable).toBe(true);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(moved, [moved.buffer]);
    expect(moved.length).toBe(0);
    port1.close();
    port2.close();
  });

  it('refuses what comes of another image', () => {
    const { image } = newMemory();
    const memory = new WebAssembly.Memory({ initial: pages });
    const foreign = new MemoryImage(new EngineMemory(memory), new WebAssembly.Global({ value: 'i32', mutable: true }, 0));
    new Uint8Array(memory.buffer)[0] = 1;
    expect(() => image.apply(foreign.difference())).toThrow('made of other parts');
  });
});
