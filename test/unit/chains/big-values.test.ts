import { describe, expect, it } from 'vitest';
import { BigValues } from '../../../src/chains/big-values.ts';
import { parsedJson, type JsonObject } from '../../../src/shared/json.ts';
import { maxResultBytes } from '../../../src/tools/registry.ts';

const large = 'x'.repeat(4 * 1024 * 1024 + 1);

describe('large values of a program', () => {
  it('that are small are no handles', () => {
    const values = new BigValues();
    expect([values.handOut('t', 'x'), values.handOut('t', { a: [1] })]).toEqual(['x', { a: [1] }]);
  });

  it.each([
    ['text that fits to the byte', { t: 'x'.repeat(maxResultBytes - 8) }, false], ['text one byte longer', { t: 'x'.repeat(maxResultBytes - 7) }, true],
    ['characters that take six bytes', ['\u0001'.repeat(700_000)], true], ['letters that take three', '€'.repeat(1_400_000), true], ['plain text by itself', 'x'.repeat(maxResultBytes), false],
    ['many numbers', Array.from({ length: 250_000 }, (_, i) => 0.1234567890123456 + i), true], ['long names', { ['n'.repeat(maxResultBytes)]: 1 }, true], ['much that is empty', Array.from({ length: 1_200_000 }, () => ({})), false],
    ['depth', parsedJson('['.repeat(500) + ']'.repeat(500))!, false],
  ])('are told by the bytes of their JSON: %s', (_, value, isLarge) => {
    const out = new BigValues().handOut('t', value);
    expect([out === value, isLarge && (out as JsonObject)['$handle'] !== undefined]).toEqual([!isLarge, isLarge]);
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
