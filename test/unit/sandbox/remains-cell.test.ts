import { describe, expect, it } from 'vitest';
import { remainsBytes, RemainsCell } from '../../../src/sandbox/remains-cell.ts';

const restored = { bytes: 3 * 1_048_576, changedBytes: 393_216 };

function both(): { readonly host: RemainsCell; readonly worker: RemainsCell } {
  const memory = new SharedArrayBuffer(remainsBytes);
  return { host: new RemainsCell(memory, 0), worker: new RemainsCell(memory, 0) };
}

describe('the word that a memory was put back', () => {
  it('is found by a host that comes later, once', () => {
    const { host, worker } = both();
    expect(worker.leave(restored)).toBe(true);
    expect(host.take(true)).toEqual(restored);
    expect(worker.take(false)).toBeUndefined();
  });

  it('must be told by a message to a host that came too early', () => {
    const { host, worker } = both();
    expect(host.take(true)).toBeUndefined();
    expect(worker.leave(restored)).toBe(false);
    // The next guest is another matter.
    expect(worker.leave(restored)).toBe(true);
  });

  it('is taken back by a worker to which nobody came, and told once', () => {
    const { host, worker } = both();
    worker.leave(restored);
    expect(worker.take(false)).toEqual(restored);
    expect(host.take(true)).toBeUndefined();
  });

  it('does not keep a host waiting for what will not come', () => {
    const { host, worker } = both();
    host.take(true);
    worker.forget();
    expect(worker.leave(restored)).toBe(true);
    expect(host.take(true)).toEqual(restored);
  });

  it('tells the size of the largest memory', () => {
    const { host, worker } = both();
    const large = { bytes: 65_536 * 65_536, changedBytes: 2 ** 31 };
    worker.leave(large);
    expect(host.take(true)).toEqual(large);
  });
});
