import { describe, expect, it } from 'vitest';
import { MemoryImage } from '../../../src/sandbox/memory-image.ts';

const pages = 4;
const newMemory = () => {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 16 });
  new Uint8Array(memory.buffer).set([1, 2, 3], 70_000);
  const stackPointer = new WebAssembly.Global({ value: 'i32', mutable: true }, 64);
  return { memory, stackPointer, image: new MemoryImage(memory, stackPointer), bytes: () => new Uint8Array(memory.buffer) };
};

describe('the image of a memory', () => {
  it('puts back what was changed, and says how much that was', () => {
    const { image, bytes, stackPointer } = newMemory();
    const before = Buffer.from(bytes());
    bytes().fill(7, 10, 20);
    bytes()[70_001] = 9;
    stackPointer.value = 8;
    expect(image.restore()).toEqual({ bytes: pages * 65_536, changedBytes: 2 * 16_384 });
    expect(before.equals(bytes())).toBe(true);
    expect(stackPointer.value).toBe(64);
    expect(image.restore()?.changedBytes).toBe(0);
  });

  it('cannot put back a memory that has grown', () => {
    const { image, memory } = newMemory();
    memory.grow(1);
    expect(image.restore()).toBeUndefined();
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
    const foreign = new MemoryImage(memory, new WebAssembly.Global({ value: 'i32', mutable: true }, 0));
    new Uint8Array(memory.buffer)[0] = 1;
    expect(() => image.apply(foreign.difference())).toThrow('made of other parts');
  });
});
