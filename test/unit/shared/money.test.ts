import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUsd } from '../../../src/shared/money.ts';

test.each([
  [0, '$0'], [0.0000004, '$0.0000004'], [0.00066689, '$0.000666'], [0.000667, '$0.000667'], [0.002, '$0.002'], [0.1, '$0.10'], [0.29, '$0.29'], [0.999999, '$0.999'],
  [1, '$1.00'], [12.345, '$12.34'], [12.349, '$12.34'], [1234.5, '$1234.50'], [-0.00012345, '-$0.000123'], [1e-13, 'less than $0.000000000001'], [Number.NaN, 'unpriced'],
])('%d dollars are shown as %s', (amount, shown) => {
  expect(formatUsd(amount)).toBe(shown);
});

test('no amount is ever shown larger than it is', () => {
  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), (amount) => {
    const shown = Number(formatUsd(amount).slice(1));
    // A relative error of 1e-11 is the noise of binary fractions, far below the last digit that is shown.
    return shown <= amount * (1 + 1e-11) && shown >= amount * 0.98;
  }));
});
