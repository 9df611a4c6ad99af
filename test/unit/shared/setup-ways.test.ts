import { expect, it } from 'vitest';
import { budgetExceeded, budgetKinds } from '../../../src/run/budget.ts';
import { toErrorInfo } from '../../../src/shared/errors.ts';
import { waysOutOf } from '../../../src/shared/setup-ways.ts';

it('leads to the settings from each budget that they limit, and not from other limits', () => {
  for (const kind of budgetKinds) expect(waysOutOf(toErrorInfo(budgetExceeded(kind, 1))), kind).toEqual(['budget']);
  for (const budget of ['turns', 'grant', undefined]) expect(waysOutOf({ code: 'budget-exceeded', ...(budget === undefined ? {} : { data: { budget } }) })).toEqual([]);
});
