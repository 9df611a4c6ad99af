import { describe, expect, it } from 'vitest';
import { BigValues } from '../../../src/chains/big-values.ts';
import type { JsonObject } from '../../../src/shared/json.ts';

const large = 'x'.repeat(4 * 1024 * 1024 + 1);

describe('large values of a program', () => {
  it('that are small are no handles', () => {
    const values = new BigValues();
    expect([values.handOut('t', 'x'), values.handOut('t', { a: [1] })]).toEqual(['x', { a: [1] }]);
  });

  it('stand for what the program wrote, wherever they are in what it hands out', () => {
    const values = new BigValues();
    const id = values.write({ id: null, text: 'a' });
    expect(values.write({ id, text: 'b' })).toBe(id);
    expect(values.takeIn({ to: 'f', parts: [{ $handle: id }, 'c'] })).toEqual({ to: 'f', parts: ['ab', 'c'] });
    expect(values.read({ id, start: 1, end: 2 })).toBe('b');
  });

  it('cannot be added to where a call gave them', () => {
    const values = new BigValues();
    const { $handle: id } = values.handOut('t', large) as JsonObject;
    expect(() => values.write({ id: id!, text: 'more' })).toThrow('Nothing can be added');
    expect(values.takeIn({ $handle: id! })).toBe(large);
  });

  it('of another program, or made up, lead to nothing', () => {
    const values = new BigValues();
    const id = new BigValues().write({ id: null, text: 'secret' });
    values.write({ id: null, text: 'own' });
    for (const work of [() => values.takeIn({ $handle: id }), () => values.read({ id, start: 0, end: 9 }), () => values.write({ id, text: '' })]) expect(work).toThrow('There is no such value in this program.');
  });

  it.each([{ id: 1, text: '' }, { id: null }, { text: '' }, { id: null, text: 5 }, null, 'x'])('are not written by %j', (input) => {
    expect(() => new BigValues().write(input as never)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  });

  it('are bounded together, so that a program cannot fill the host', () => {
    const values = new BigValues();
    expect(() => {
      for (let i = 0; i < 20; i++) values.write({ id: null, text: large });
    }).toThrow(expect.objectContaining({ code: 'budget-exceeded' }) as Error);
  });
});
