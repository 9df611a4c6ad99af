import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget, childLimits } from '../../../src/run/budget.ts';

describe('a budget', () => {
  it('refuses what would go over, counts nothing of it, and names the budget to raise', () => {
    const budget = new Budget({ steps: 2 });
    budget.charge('steps', 2);
    expect(() => budget.charge('steps', 1)).toThrow(expect.objectContaining({ code: 'budget-exceeded', data: { budget: 'steps', limit: 2 }, message: 'The run has used up its budget of 2 steps.', hint: expect.stringContaining('infrastructureAssassin.budget.steps') as string }));
    expect(budget.used('steps')).toBe(2);
    expect(() => new Budget({ moneyUsd: 0 }).charge('moneyUsd', 0.01)).toThrow(expect.objectContaining({ message: 'The run has no budget of US dollars.', hint: expect.stringMatching(/^Set /) as string }));
  });

  it('does not limit what it does not name', () => {
    const budget = new Budget({});
    budget.charge('tokens', 1e9);
    expect(budget.left('tokens')).toBe(Number.POSITIVE_INFINITY);
  });

  it('never lets a child use more than its parent has, whatever both were given', () => {
    fc.assert(fc.property(fc.nat(100), fc.nat(100), fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 }))), (parentLimit, childLimit, charges) => {
      const parent = new Budget({ steps: parentLimit });
      const child = new Budget({ steps: childLimit }, parent);
      for (const [toChild, amount] of charges) {
        try {
          (toChild ? child : parent).charge('steps', amount);
        } catch {
          // A refusal is what the property is about; it must have counted nothing.
        }
      }
      expect(parent.used('steps')).toBeLessThanOrEqual(parentLimit);
      expect(child.used('steps')).toBeLessThanOrEqual(Math.min(childLimit, parentLimit));
    }));
  });
});

describe('the limits of a child run', () => {
  it('are what is left to its parent, or less where less is wanted, and its use counts for both', () => {
    const parent = new Budget({ tokens: 100, steps: 10 });
    parent.charge('tokens', 40);
    expect(childLimits(parent, {})).toEqual({ tokens: 60, steps: 10 });
    expect(childLimits(parent, { tokens: 500, steps: 3, moneyUsd: 1 })).toEqual({ tokens: 60, steps: 3, moneyUsd: 1 });
    const child = new Budget(childLimits(parent, { tokens: 50 }), parent);
    child.charge('tokens', 50);
    expect(parent.left('tokens')).toBe(10);
    expect(() => child.charge('tokens', 1)).toThrow('50 tokens');
    expect(childLimits(child, {})).toMatchObject({ tokens: 0 });
  });
});
