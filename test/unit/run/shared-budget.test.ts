import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { budgetChecks } from '../../../src/doctor/budget-checks.ts';
import { Budget, childLimits } from '../../../src/run/budget.ts';
import { SharedBudget, type SharedLimits } from '../../../src/run/shared-budget.ts';
import { RunStore } from '../../../src/store/run-store.ts';

let directory: string;
let store: RunStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shared-budget-'));
  store = new RunStore(directory);
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

const noon = new Date(2026, 10, 23, 12).getTime();
const day = 86_400_000;
const shared = (limits: SharedLimits, workspace = '/one', now: () => number = () => noon) => new SharedBudget({ use: store.budgetUse, workspace, limits, now });
const error = (work: () => unknown) => {
  try {
    work();
  } catch (thrown) {
    return thrown as { readonly code: string; readonly message: string; readonly hint: string; readonly data: unknown };
  }
  throw new Error('It did not throw.');
};

describe('a limit of the day', () => {
  it('is refused by name, with what is used and when it renews, and counts nothing of what is refused', () => {
    const pool = shared({ perDay: { tokens: 1000 } });
    pool.charge('tokens', 900);
    const refused = error(() => pool.charge('tokens', 200));
    expect(refused).toMatchObject({ code: 'budget-exceeded', data: { budget: 'tokens', limit: 1000, used: 900, per: 'day', renewsAt: new Date(2026, 10, 24).toISOString() } });
    expect(refused.message).toContain('All runs of a day have 100 of 1000 tokens left until the budget renews at 2026-11-24 00:00.');
    expect(refused.hint).toContain('--budget-per-day');
    expect(pool.left('tokens')).toBe(100);
  });

  it('is shared by workspaces, and the one of a workspace is not', () => {
    const limits = { perDay: { tokens: 1000 }, perWorkspace: { tokens: 600 } };
    shared(limits, '/one').charge('tokens', 600);
    expect(shared(limits, '/two').left('tokens')).toBe(400);
    expect(error(() => shared(limits, '/one').charge('tokens', 1))).toMatchObject({ data: { per: 'workspace', limit: 600, renewsAt: new Date(2026, 11, 1).toISOString() } });
    expect(error(() => shared(limits, '/two').charge('tokens', 401))).toMatchObject({ data: { per: 'day' } });
  });

  it('renews at midnight, the one of a workspace with the month', () => {
    let now = noon;
    const pool = shared({ perDay: { tokens: 10 }, perWorkspace: { tokens: 15 } }, '/one', () => now);
    pool.charge('tokens', 10);
    now += day;
    pool.charge('tokens', 5);
    expect(error(() => pool.charge('tokens', 1))).toMatchObject({ data: { per: 'workspace' } });
    now = new Date(2026, 11, 1).getTime();
    expect(pool.left('tokens')).toBe(10);
  });

  it('gets back what was reserved yesterday and not used for yesterday, not for today', () => {
    let now = noon;
    const pool = shared({ perDay: { tokens: 100 } }, '/one', () => now);
    const at = pool.charge('tokens', 80);
    now += day;
    pool.charge('tokens', 70);
    pool.settle('tokens', -60, at);
    expect(pool.left('tokens')).toBe(30);
    now -= day;
    expect(pool.left('tokens')).toBe(80);
  });

  it('is not drawn from by what it does not name', () => {
    const pool = shared({ perDay: { tokens: 1 } });
    pool.charge('steps', 1e6);
    expect(pool.left('steps')).toBe(Number.POSITIVE_INFINITY);
    expect(pool.uses().map(({ kind }) => kind)).toEqual(['tokens']);
  });

  it('is drawn from in portions for small amounts, of which the rest is given back and never refused', () => {
    const limits = { perDay: { steps: 60 } };
    const [one, two] = [shared(limits), shared(limits)];
    one.charge('steps', 1);
    expect(two.left('steps')).toBe(10);
    for (let step = 0; step < 10; step++) two.charge('steps', 1);
    expect(error(() => two.charge('steps', 1))).toMatchObject({ data: { budget: 'steps' } });
    for (let step = 0; step < 49; step++) one.charge('steps', 1);
    expect(() => one.charge('steps', 1)).toThrow('0 of 60 steps');
    const three = shared({ perDay: { steps: 100 } });
    three.charge('steps', 1);
    three.release();
    expect(three.left('steps')).toBe(39);
  });

  it('leaves used what cannot be given back, and does not fail for it', () => {
    const other = new RunStore(directory);
    const pool = new SharedBudget({ use: other.budgetUse, workspace: '/one', limits: { perDay: { tokens: 100 } }, now: () => noon });
    const at = pool.charge('tokens', 80);
    other[Symbol.dispose]();
    expect(() => pool.settle('tokens', -80, at)).not.toThrow();
    expect(shared({ perDay: { tokens: 100 } }).left('tokens')).toBe(20);
  });

  it('counts bytes that have arrived already, and refuses from then on', () => {
    const pool = shared({ perDay: { egressBytes: 1000 } });
    expect(error(() => pool.spend('egressBytes', 1500))).toMatchObject({ code: 'budget-exceeded', data: { budget: 'egressBytes' } });
    expect(pool.left('egressBytes')).toBe(0);
    expect(store.budgetUse.used({ scope: 'day', period: '2026-11-23' }, 'egressBytes')).toBe(1500);
  });

  it('is never overdrawn by several that charge, settle and give back in any order', () => {
    const kinds = ['steps', 'tokens'] as const;
    const action = fc.record({ who: fc.nat(2), kind: fc.constantFrom(...kinds), amount: fc.integer({ min: 1, max: 40 }), used: fc.nat(40), release: fc.boolean() });
    fc.assert(fc.property(fc.array(action, { maxLength: 40 }), fc.integer({ min: 0, max: 200 }), (actions, limit) => {
      const period = `run ${limit} ${JSON.stringify(actions)}`;
      const limits = { perWorkspace: { steps: limit, tokens: limit } };
      const pools = [0, 1, 2].map(() => shared(limits, period));
      const used = { steps: 0, tokens: 0 };
      for (const { who, kind, amount, used: really, release } of actions) {
        const pool = pools[who]!;
        try {
          const at = pool.charge(kind, amount);
          const less = kind === 'tokens' ? Math.min(really, amount) : amount;
          used[kind] += less;
          if (kind === 'tokens') pool.settle(kind, less - amount, at);
        } catch {
          // A refusal is what the property is about.
        }
        if (release) pool.release();
      }
      for (const pool of pools) pool.release();
      for (const kind of kinds) {
        expect(used[kind]).toBeLessThanOrEqual(limit);
        expect(store.budgetUse.used({ scope: `workspace ${period}`, period: '2026-11' }, kind)).toBe(used[kind]);
      }
    }), { numRuns: 60 });
  });
});

describe('a run below shared limits', () => {
  it('is refused by the tighter of both, which is named', () => {
    const budget = new Budget({ tokens: 500 }, undefined, shared({ perDay: { tokens: 300 } }));
    expect(budget.left('tokens')).toBe(300);
    expect(budget.refusal('tokens')).toMatchObject({ data: { per: 'day' } });
    budget.charge('tokens', 250);
    expect(error(() => budget.charge('tokens', 51))).toMatchObject({ data: { per: 'day', limit: 300 } });
    expect(error(() => budget.charge('tokens', 251))).toMatchObject({ message: 'The run has used up its budget of 500 tokens.' });
  });

  it('draws once for itself and its children, and does not hand down what others may use up', () => {
    const pool = shared({ perDay: { tokens: 300 } });
    const parent = new Budget({ tokens: 1000 }, undefined, pool);
    const limits = childLimits(parent, {});
    expect(limits.tokens).toBe(1000);
    const child = new Budget(limits, parent);
    const at = child.charge('tokens', 100);
    expect(pool.left('tokens')).toBe(200);
    child.settle('tokens', -40, at);
    expect([pool.left('tokens'), parent.used('tokens'), child.used('tokens')]).toEqual([240, 60, 60]);
    expect(error(() => child.charge('tokens', 241))).toMatchObject({ data: { per: 'day' } });
  });

  it('is not begun where nothing is left', () => {
    const budget = new Budget({}, undefined, shared({ perDay: { egressBytes: 0 } }));
    expect(error(() => budget.require('egressBytes'))).toMatchObject({ code: 'budget-exceeded', data: { per: 'day' } });
  });
});

describe('doctor', () => {
  it('tells what is used of each shared limit, and warns before it is used up', () => {
    const pool = shared({ perDay: { tokens: 1000, moneyUsd: 2 }, perWorkspace: { moneyUsd: 10 } });
    pool.charge('moneyUsd', 1.9);
    pool.charge('tokens', 10);
    expect(budgetChecks(pool)).toEqual([
      { name: 'Budget: day', status: 'warn', detail: '1.9 of 2 US dollars used; renews on 2026-11-24', fix: 'Raise "moneyUsd" in infrastructureAssassin.budget.perDay, or wait until it renews.' },
      { name: 'Budget: workspace', status: 'ok', detail: '1.9 of 10 US dollars used; renews on 2026-12-01' },
      { name: 'Budget: day', status: 'ok', detail: '10 of 1000 tokens used; renews on 2026-11-24' },
    ]);
    expect(budgetChecks(undefined)).toEqual([]);
  });
});
